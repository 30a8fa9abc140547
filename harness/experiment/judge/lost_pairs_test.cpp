#include "harness/experiment/judge/lost_pairs.hpp"

#include "harness/experiment/judge/duel_for_test.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace kvduel::experiment {

namespace {

/// Ten blocks of two contenders in two cells, "hot-get" and "other".
RunReport two_cells() {
    RunReport report;
    report.suite.repetitions = 10;
    for (const char* scenario : {"hot-get", "other"})
        for (TrialRecord& trial : duel(std::vector<double>(10, 1.0))) {
            trial.scenario = scenario;
            report.trials.push_back(trial);
        }
    return report;
}

void spoil(RunReport& report, std::string_view scenario, std::string_view contender, unsigned blocks) {
    for (TrialRecord& trial : report.trials)
        if (trial.scenario == scenario && trial.contender == contender && trial.block <= blocks)
            trial.verdict = Verdict::kInvalid;
}

} // namespace

TEST_CASE("a run whose trials are valid has lost nothing") {
    RunReport report = two_cells();
    const LostPairs pairs = lost_pairs(report);
    CHECK(pairs.planned == 20);
    CHECK(pairs.lost == 0);
    CHECK_FALSE(pairs.are_too_many());
}

TEST_CASE("one cell that lost four of its ten pairs leaves the run valid") {
    RunReport report = two_cells();
    spoil(report, "other", "a", 4);
    const LostPairs pairs = lost_pairs(report);
    CHECK(pairs.lost == 4);
    CHECK_FALSE(pairs.are_too_many());
}

TEST_CASE("a run that lost over a fifth of what it planned is invalid, at a fifth it is not") {
    RunReport report = two_cells();
    spoil(report, "other", "a", 4);
    CHECK_FALSE(lost_pairs(report).are_too_many());
    spoil(report, "hot-get", "b", 1);
    CHECK(lost_pairs(report).are_too_many());
}

TEST_CASE("a pair is lost once, whichever of its trials is invalid") {
    RunReport report = two_cells();
    spoil(report, "other", "a", 2);
    spoil(report, "other", "b", 3);
    CHECK(lost_pairs(report).lost == 3);
}

TEST_CASE("of a contender that runs alone the trials count") {
    RunReport report = two_cells();
    std::erase_if(report.trials, [](const TrialRecord& trial) { return trial.contender == "b"; });
    spoil(report, "other", "a", 3);
    const LostPairs pairs = lost_pairs(report);
    CHECK(pairs.planned == 20);
    CHECK(pairs.lost == 3);
}

TEST_CASE("a cell without any valid pair makes the run invalid however large the rest is") {
    RunReport report = two_cells();
    for (int i = 0; i < 8; ++i)
        for (TrialRecord& trial : duel(std::vector<double>(10, 1.0))) {
            trial.scenario = "more-" + std::to_string(i);
            report.trials.push_back(trial);
        }
    spoil(report, "other", "a", 9);
    CHECK_FALSE(lost_pairs(report).are_too_many());
    spoil(report, "other", "a", 10);
    const LostPairs pairs = lost_pairs(report);
    CHECK(pairs.unmeasured == std::vector<std::string>{"other: a and b"});
    CHECK(pairs.are_too_many());
}

} // namespace kvduel::experiment
