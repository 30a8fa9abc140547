#include "harness/experiment/run/block_run.hpp"

#include "harness/experiment/run_suite.hpp"
#include "harness/experiment/suite_for_test.hpp"

#include <doctest/doctest.h>

#include <set>

namespace kvduel::experiment {

namespace {

/// Load whose windows numbered `late` (from 1) find the generator at its end.
LoadFunction load_with_late(std::set<unsigned> late, std::vector<load::Plan>& plans) {
    return [late = std::move(late), &plans](const load::Plan& plan, load::Observer& observer,
                                            const std::atomic<bool>& stop) {
        plans.push_back(plan);
        auto load = pass_through(plan, observer, stop);
        if (late.contains(static_cast<unsigned>(plans.size()))) load->generator_busy_share = 0.99;
        return load;
    };
}

} // namespace

TEST_CASE("an invalid trial has its pair repeated at the end of the block, with another load for both") {
    SuiteFixture fixture;
    std::vector<load::Plan> plans;
    fixture.request.load = load_with_late({2}, plans);
    fixture.request.suite.scenarios.push_back(fixture.request.suite.scenarios[0]);
    fixture.request.suite.scenarios[1].id = "again";
    fixture.request.suite.repetitions = 1;
    const auto end = fixture.run();
    REQUIRE(end);
    CHECK(end->exit_code == 0);
    const auto& trials = end->report.trials;
    REQUIRE(trials.size() == 6);
    CHECK(trials[1].verdict == Verdict::kInvalid);
    for (const std::size_t i : {4U, 5U}) {
        CHECK(trials[i].scenario == trials[1].scenario);
        CHECK(trials[i].block == 1);
        CHECK(trials[i].repetition == 2);
        CHECK(trials[i].order_in_block == i + 1);
        CHECK(plans[i].seed == plans[4].seed);
        CHECK(plans[i].seed != plans[1].seed);
    }
    CHECK(trials[4].contender == trials[0].contender);
    for (const SummaryRow& row : end->report.summary) CHECK(row.n <= 1);
    CHECK(end->report.run.trials_planned == 4);
}

TEST_CASE("a pair whose repeat is invalid as well is left as it is, and the run is invalid") {
    SuiteFixture fixture;
    std::vector<load::Plan> plans;
    fixture.request.load = load_with_late({2, 4}, plans);
    fixture.request.suite.repetitions = 1;
    const auto end = fixture.run();
    REQUIRE(end);
    CHECK(end->report.trials.size() == 4);
    CHECK(end->exit_code == 3);
}

TEST_CASE("one pair of five may be lost to the machine, but no server may fail even once") {
    SuiteFixture fixture;
    std::vector<load::Plan> plans;
    fixture.request.load = load_with_late({2, 4}, plans);
    fixture.request.suite.repetitions = 5;
    const auto end = fixture.run();
    REQUIRE(end);
    CHECK(end->report.trials.size() == 12);
    CHECK(end->exit_code == 0);

    unsigned loads = 0;
    fixture.request.load = [&](const load::Plan& plan, load::Observer& observer,
                               const std::atomic<bool>& stop) {
        auto load = pass_through(plan, observer, stop);
        if (++loads == 2) {
            ++load->requests.errors.verification;
            --load->requests.succeeded;
        }
        return load;
    };
    const auto wrong = fixture.run();
    REQUIRE(wrong);
    CHECK(wrong->exit_code == 3);
}

TEST_CASE("a block opens with a trial that nobody finds again") {
    SuiteFixture fixture;
    std::vector<load::Plan> plans;
    fixture.request.has_opening_trials = true;
    fixture.request.load = load_with_late({1}, plans);
    const auto end = fixture.run();
    REQUIRE(end);
    CHECK(end->exit_code == 0);
    CHECK(plans.size() == 2 + 4);
    CHECK(end->report.trials.size() == 4);
    CHECK(fixture.progress.purposes == std::vector<std::string>{"opening", "opening"});
    CHECK(plans[0].duration <= std::chrono::seconds(1));
    CHECK(plans[0].seed != plans[1].seed);
}

} // namespace kvduel::experiment
