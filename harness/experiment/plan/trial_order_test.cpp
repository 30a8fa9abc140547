#include "harness/experiment/plan/trial_order.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <tuple>

namespace kvduel::experiment {

namespace {

Suite suite_of(std::size_t scenarios, std::size_t cells, unsigned repetitions) {
    Suite suite;
    suite.repetitions = repetitions;
    for (std::size_t i = 0; i < scenarios; ++i) {
        Scenario scenario;
        scenario.id = std::string(1, static_cast<char>('a' + i));
        scenario.cells.resize(cells);
        suite.scenarios.push_back(scenario);
    }
    return suite;
}

std::vector<Contender> contenders_of(std::size_t count) {
    std::vector<Contender> contenders(count);
    for (std::size_t i = 0; i < count; ++i) contenders[i].id = std::to_string(i);
    return contenders;
}

} // namespace

TEST_CASE("each block has every cell with every contender once, and a cell's trials are neighbours") {
    const auto trials = plan_trials(suite_of(3, 2, 4), contenders_of(3), 7);
    REQUIRE(trials.size() == 4 * 3 * 2 * 3);
    for (unsigned block = 1; block <= 4; ++block) {
        std::set<std::tuple<std::size_t, std::size_t, std::size_t>> seen;
        for (std::size_t i = 0; i < 18; ++i) {
            const PlannedTrial& trial = trials[(block - 1) * 18 + i];
            CHECK(trial.block == block);
            CHECK(trial.order_in_block == i + 1);
            seen.insert({trial.scenario, trial.cell, trial.contender});
            const PlannedTrial& first = trials[(block - 1) * 18 + i / 3 * 3];
            CHECK(std::pair(trial.scenario, trial.cell) == std::pair(first.scenario, first.cell));
        }
        CHECK(seen.size() == 18);
    }
}

TEST_CASE("an even block reverses the one before, so over both every trial has the same mean position") {
    const auto trials = plan_trials(suite_of(3, 1, 4), contenders_of(2), 11);
    std::map<std::tuple<unsigned, std::size_t, std::size_t>, unsigned> places;
    for (const PlannedTrial& trial : trials)
        places[{(trial.block - 1) / 2, trial.scenario, trial.contender}] += trial.order_in_block;
    for (const auto& [key, sum] : places) CHECK(sum == 1 + 6);
}

TEST_CASE("the seed decides the order, and the pairs of blocks are drawn anew") {
    const Suite suite = suite_of(4, 1, 20);
    const auto contenders = contenders_of(2);
    CHECK(plan_trials(suite, contenders, 1) == plan_trials(suite, contenders, 1));
    CHECK(plan_trials(suite, contenders, 1) != plan_trials(suite, contenders, 2));
    std::set<std::size_t> first_contenders;
    for (const PlannedTrial& trial : plan_trials(suite, contenders, 1))
        if (trial.order_in_block == 1) first_contenders.insert(trial.contender);
    CHECK(first_contenders.size() == 2);
}

TEST_CASE("contenders of one cell and block get the same requests, other blocks and cells get others") {
    std::map<std::pair<unsigned, std::size_t>, std::set<std::uint64_t>> seeds;
    std::set<std::uint64_t> all;
    for (const PlannedTrial& trial : plan_trials(suite_of(3, 1, 5), contenders_of(2), 3)) {
        seeds[{trial.block, trial.scenario}].insert(load_seed(3, trial, 1));
        for (const unsigned repetition : {1U, 2U}) all.insert(load_seed(3, trial, repetition));
    }
    for (const auto& [key, of_cell] : seeds) CHECK(of_cell.size() == 1);
    CHECK(all.size() == 2 * 15);
}

TEST_CASE("a cell that is searched has no place in a block, nor has one whose rate is not known yet") {
    Suite suite = suite_of(3, 1, 1);
    suite.scenarios[0].cells[0].search = Search{};
    suite.scenarios[1].cells[0].loop = Loop::kOpen;
    suite.scenarios[1].cells[0].load_fraction = 0.5;
    CHECK(plan_trials(suite, contenders_of(2), 1).size() == 2);
    suite.scenarios[1].cells[0].rate_per_s = 100;
    CHECK(plan_trials(suite, contenders_of(2), 1).size() == 4);
}

TEST_CASE("inserted cells are no part of the grid's plan, and are drawn each for itself") {
    Suite suite = suite_of(1, 6, 8);
    suite.scenarios[0].inserted = 3;
    CHECK(plan_trials(suite, contenders_of(2), 1).size() == 8 * 3 * 2);
    const auto plan_of = [&](const std::vector<CellPlace>& cells) {
        return plan_inserted(suite, cells, contenders_of(2), 1);
    };
    const auto all = plan_of({{0, 3}, {0, 4}, {0, 5}});
    REQUIRE(all.size() == 8 * 3 * 2);
    auto some = plan_of({{0, 5}, {0, 3}});
    std::vector<PlannedTrial> same;
    for (const PlannedTrial& trial : all)
        if (trial.cell != 4) same.push_back(trial);
    REQUIRE(some.size() == same.size());
    for (std::size_t i = 0; i < same.size(); ++i) {
        same[i].order_in_block = some[i].order_in_block;
        CHECK(some[i] == same[i]);
    }
    std::set<std::pair<std::size_t, std::size_t>> firsts;
    for (std::size_t block = 0; block < 8; ++block) {
        firsts.emplace(all[6 * block].cell, all[6 * block].contender);
        for (std::size_t i = 0; i < 6; ++i) {
            CHECK(all[6 * block + i].order_in_block == i + 1);
            if (block % 2 == 1) { // the reverse of the one before
                CHECK(all[6 * block + i].cell == all[6 * block - 1 - i].cell);
                CHECK(all[6 * block + i].contender == all[6 * block - 1 - i].contender);
            }
        }
    }
    CHECK(firsts.size() > 2);
}

TEST_CASE("the padding of the environment varies within one page") {
    std::set<std::size_t> paddings;
    for (const PlannedTrial& trial : plan_trials(suite_of(3, 1, 20), contenders_of(2), 3)) {
        CHECK(trial.environment_padding < 4096);
        paddings.insert(trial.environment_padding);
    }
    CHECK(paddings.size() > 100);
}

TEST_CASE("a contender without an option that a cell sets is left out of that cell alone") {
    Suite suite = suite_of(2, 1, 1);
    suite.scenarios[1].cells[0].server["work_wait_us"] = "5000";
    auto contenders = contenders_of(2);
    contenders[0].options["work_wait_us"] = "--work-wait-us";
    CHECK(missing_options(contenders[1], suite.scenarios[1].cells[0]) ==
          std::vector<std::string>{"work_wait_us"});
    CHECK(plan_trials(suite, contenders, 1).size() == 3);
    contenders[1].target = load::Target{"127.0.0.1", 80}; // nobody can tell it
    CHECK(plan_trials(suite, contenders, 1).size() == 3);
}

} // namespace kvduel::experiment
