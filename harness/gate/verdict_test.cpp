#include "harness/gate/verdict.hpp"

#include "harness/gate/gate_for_test.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace kvduel::gate {

namespace {

struct Ended {
    GateResult result;
    experiment::RunReport report;
    Evidence evidence;

    explicit Ended(stats::GateWord word) {
        const GateRequest request = two_servers();
        report.trials = trials_of(request, make_duellists(request, builds_of(request)), 8, 1);
        result.rows.resize(6);
        result.pairs_planned = 32;
        result.budget_s = 540;
        evidence.word = word;
    }
    GateVerdict verdict() {
        result.reasons.clear();
        conclude(result, report, evidence);
        return result.verdict;
    }
    void spoil(std::size_t trials, const char* code) {
        for (std::size_t i = 0; i < trials; ++i) {
            report.trials[i].verdict = experiment::Verdict::kInvalid;
            report.trials[i].warnings = {{code, "figures"}};
        }
    }
};

} // namespace

TEST_CASE("on a sound run the rule decides, and the exit code follows") {
    CHECK(exit_code(Ended(stats::GateWord::kPass).verdict()) == 0);
    CHECK(exit_code(Ended(stats::GateWord::kRegression).verdict()) == 1);
    CHECK(exit_code(Ended(stats::GateWord::kOpen).verdict()) == 2);
}

TEST_CASE("a server's fault makes even a pass invalid and is named") {
    Ended ended(stats::GateWord::kPass);
    ended.spoil(1, "server_died");
    CHECK(ended.verdict() == GateVerdict::kInvalid);
    CHECK(ended.result.reasons.front() ==
          "a server was at fault: hot-get/threads-head block 1: server_died: figures");
}

TEST_CASE("a base that cannot be started with what head understands leaves nothing to compare with") {
    Ended ended(stats::GateWord::kPass);
    for (experiment::TrialRecord& trial : ended.report.trials)
        if (trial.contender == "async-base") {
            trial.verdict = experiment::Verdict::kInvalid;
            trial.warnings = {{"server_not_started", "--new: not a flag"}};
        }
    CHECK(ended.verdict() == GateVerdict::kInconclusive);
    CHECK(ended.result.reasons.front().starts_with("base cannot run what head is asked for"));
    CHECK(ended.result.reasons.front().ends_with("server_not_started: --new: not a flag"));
    ended.spoil(1, "server_died"); // of head
    CHECK(ended.verdict() == GateVerdict::kInvalid);
}

TEST_CASE("a base that failed to start once in many trials is a server at fault, not one that cannot be "
          "compared with") {
    Ended ended(stats::GateWord::kPass);
    const auto last = std::ranges::find(ended.report.trials.rbegin(), ended.report.trials.rend(),
                                        "async-base", &experiment::TrialRecord::contender);
    last->verdict = experiment::Verdict::kInvalid;
    last->warnings = {{"server_not_started", "out of memory"}};
    CHECK(ended.verdict() == GateVerdict::kInvalid);
    CHECK(ended.result.reasons.front().ends_with("server_not_started: out of memory"));
}

TEST_CASE("an interrupted gate says so, and not that pairs were lost; a word that was found stands") {
    Ended ended(stats::GateWord::kOpen);
    ended.evidence.is_interrupted = true;
    ended.result.rows.clear();
    CHECK(ended.verdict() == GateVerdict::kInconclusive);
    CHECK(ended.result.reasons == std::vector<std::string>{"it was interrupted"});
    ended.evidence.word = stats::GateWord::kRegression;
    CHECK(ended.verdict() == GateVerdict::kRegression);
}

TEST_CASE("over a fifth of the pairs lost is invalid, or inconclusive if the machine took them") {
    Ended ended(stats::GateWord::kRegression);
    ended.spoil(8, "generator_saturated");
    ended.result.pairs_lost = 6;
    CHECK(ended.verdict() == GateVerdict::kRegression);
    ended.result.pairs_lost = 7;
    CHECK(ended.verdict() == GateVerdict::kInvalid);
    ended.spoil(8, "noisy_machine");
    CHECK(ended.verdict() == GateVerdict::kInconclusive);
}

TEST_CASE("a machine that was stolen from, or became another one, concludes nothing") {
    Ended ended(stats::GateWord::kRegression);
    ended.result.steal_median = 0.031;
    CHECK(ended.verdict() == GateVerdict::kInconclusive);
    ended.result.steal_median = 0.029;
    CHECK(ended.verdict() == GateVerdict::kRegression);
    ended.evidence.has_machine_changed = true;
    CHECK(ended.verdict() == GateVerdict::kInconclusive);
}

TEST_CASE("an open end says how much is open, and whether time was the reason") {
    Ended ended(stats::GateWord::kOpen);
    ended.evidence.is_out_of_time = true;
    CHECK(ended.verdict() == GateVerdict::kInconclusive);
    REQUIRE(ended.result.reasons.size() == 2);
    CHECK(ended.result.reasons[0] == "6 of 6 endpoints are neither worse nor proven not to be");
    CHECK(ended.result.reasons[1] == "the next look would have ended after the budget of 540 s");
    ended.result.pairs_lost = 3;
    ended.result.rows[0].word = RowWord::kUnjudged;
    ended.verdict();
    CHECK(ended.result.reasons[0] ==
          "5 of 6 endpoints are neither worse nor proven not to be, and 1 lost too many pairs");
    for (GateRow& row : ended.result.rows) row.word = RowWord::kNotWorse;
    ended.result.rows[0].word = RowWord::kUnjudged;
    ended.verdict();
    CHECK(ended.result.reasons[0] == "1 of 6 endpoints lost too many pairs");
    ended.result.pairs_lost = 0;
    ended.verdict();
    CHECK(ended.result.reasons[0] == "1 of 6 endpoints have no figure in too many pairs");
}

} // namespace kvduel::gate
