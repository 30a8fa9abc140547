#include "harness/experiment/record/cell_trials.hpp"

#include "harness/experiment/judge/duel_for_test.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {
namespace {

std::vector<BlockPair> pairs_of(const std::vector<TrialRecord>& trials) {
    return block_pairs(by_cell(trials).at(0), "a", "b");
}

} // namespace

TEST_CASE("a pair is the valid trials of both in one block, whichever ran earlier") {
    std::vector<TrialRecord> trials = duel({1, 1});
    std::swap(trials[2], trials[3]);
    const auto pairs = pairs_of(trials);
    REQUIRE(pairs.size() == 2);
    CHECK(pairs[1].block == 2);
    CHECK(pairs[1].first == &trials[3]);
    CHECK(pairs[1].second == &trials[2]);
}

TEST_CASE("an invalid trial takes its pair with it, and the block counts as lost") {
    std::vector<TrialRecord> trials = duel({1, 1, 1});
    trials[3].verdict = Verdict::kInvalid;
    const auto pairs = pairs_of(trials);
    REQUIRE(pairs.size() == 3);
    CHECK(pairs[1].first == nullptr);
    CHECK(pairs[1].second == nullptr);
}

TEST_CASE("of a cell that was run again in a block the latest whole and valid run counts, never a mix") {
    std::vector<TrialRecord> trials = duel({1});
    trials[0].verdict = Verdict::kInvalid;
    std::vector<TrialRecord> again = duel({1});
    for (TrialRecord& trial : again) trial.repetition = 2;
    trials.insert(trials.end(), again.begin(), again.end());
    CHECK(pairs_of(trials).at(0).first == &trials[2]);
    CHECK(pairs_of(trials).at(0).second == &trials[3]);
    trials[3].verdict = Verdict::kInvalid; // now each has one valid trial, but in different runs
    CHECK(pairs_of(trials).at(0).first == nullptr);
    trials[0].verdict = Verdict::kValid;
    CHECK(pairs_of(trials).at(0).first == &trials[0]);
    CHECK(pairs_of(trials).at(0).second == &trials[1]);
}

TEST_CASE("a run that was cut short is no pair, and none that got lost") {
    std::vector<TrialRecord> trials = duel({1, 1});
    trials.pop_back();
    CHECK(pairs_of(trials).size() == 1);
    trials = duel({1, 1});
    trials[3].verdict = Verdict::kInvalid;
    trials[3].warnings = {{"interrupted", ""}};
    CHECK(pairs_of(trials).size() == 1);
}

TEST_CASE("what counts for a contender are the trials of its pairs, of each block the latest") {
    std::vector<TrialRecord> trials = duel({1, 1, 1});
    trials[1].verdict = Verdict::kInvalid; // b in block 1
    std::vector<TrialRecord> again = duel({1, 1});
    again.erase(again.begin(), again.begin() + 2);
    for (TrialRecord& trial : again) trial.repetition = 2; // of block 2
    trials.insert(trials.end(), again.begin(), again.end());
    using Standing = std::vector<const TrialRecord*>;
    const auto standing = [&](const char* contender) {
        return standing_trials(by_cell(trials).at(0).trials, contender);
    };
    CHECK(standing("a") == Standing{&trials[6], &trials[4]});
    CHECK(standing("b") == Standing{&trials[7], &trials[5]});
    trials[7].verdict = Verdict::kInvalid; // the second run of block 2 is no pair: its first is
    CHECK(standing("a") == Standing{&trials[2], &trials[4]});
    CHECK(standing("b") == Standing{&trials[3], &trials[5]});
}

TEST_CASE("a contender that is in no pair has what is valid of it") {
    std::vector<TrialRecord> trials = duel({1, 1});
    trials[1].verdict = trials[3].verdict = Verdict::kInvalid;
    const auto cell = by_cell(trials).at(0);
    CHECK(standing_trials(cell.trials, "a") == std::vector<const TrialRecord*>{&trials[0], &trials[2]});
    CHECK(standing_trials(cell.trials, "b").empty());
    trials.resize(1);
    CHECK(standing_trials(by_cell(trials).at(0).trials, "a").size() == 1);
}

TEST_CASE("cells are told apart by scenario and parameters") {
    std::vector<TrialRecord> trials = duel({1, 1, 1});
    trials[2].parameters.connections = trials[3].parameters.connections = 7;
    trials[4].scenario = trials[5].scenario = "other";
    const auto cells = by_cell(trials);
    REQUIRE(cells.size() == 3);
    CHECK(cells[1].example == &trials[2]);
    CHECK(cells[2].contenders == std::vector<std::string>{"a", "b"});
}

} // namespace kvduel::experiment
