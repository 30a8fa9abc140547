#include "harness/experiment/pair_state.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {

namespace {

TrialRecord trial_of(const char* contender, unsigned repetition, const char* invalid_code = nullptr) {
    TrialRecord trial;
    trial.scenario = "hot-get";
    trial.contender = contender;
    trial.block = 3;
    trial.repetition = repetition;
    if (invalid_code == nullptr) return trial;
    trial.verdict = Verdict::kInvalid;
    trial.warnings.push_back({invalid_code, "why"});
    return trial;
}

PairState state_of(const std::vector<TrialRecord>& trials,
                   std::vector<std::string_view> contenders = {"a", "b"}) {
    const Parameters parameters;
    return pair_state(trials, {"hot-get", parameters, 3, std::move(contenders)});
}

} // namespace

TEST_CASE("a pair without trials is run, one with two valid trials is done") {
    CHECK(state_of({}).need == PairNeed::kFirst);
    CHECK(state_of({}).next_repetition == 1);
    CHECK(state_of({trial_of("a", 1), trial_of("b", 1)}).need == PairNeed::kNone);
}

TEST_CASE("a pair with an invalid trial is repeated once and no more") {
    const TrialRecord late = trial_of("b", 1, "send_late");
    const PairState state = state_of({trial_of("a", 1), late});
    CHECK(state.need == PairNeed::kRepeat);
    CHECK(state.next_repetition == 2);
    CHECK(state_of({trial_of("a", 1), late, trial_of("a", 2), trial_of("b", 2, "send_late")}).need ==
          PairNeed::kNone);
}

TEST_CASE("what another run would not mend, or has nobody to be compared with, is not repeated") {
    CHECK(state_of({trial_of("a", 1), trial_of("b", 1, "server_not_started")}).need == PairNeed::kNone);
    CHECK(state_of({trial_of("a", 1, "send_late")}, {"a"}).need == PairNeed::kNone);
}

TEST_CASE("no pair spans a gap: what was cut short is run again as a whole, and may be repeated as well") {
    CHECK(state_of({trial_of("a", 1)}).need == PairNeed::kFirst);
    CHECK(state_of({trial_of("a", 1)}).next_repetition == 2);
    CHECK(state_of({trial_of("a", 1), trial_of("b", 1, "interrupted")}).need == PairNeed::kFirst);
    const std::vector<TrialRecord> late{trial_of("a", 1), trial_of("a", 2), trial_of("b", 2, "send_late")};
    CHECK(state_of(late).need == PairNeed::kRepeat);
    CHECK(state_of(late).next_repetition == 3);
}

TEST_CASE("trials of other blocks and cells say nothing of a pair") {
    TrialRecord elsewhere = trial_of("a", 1);
    elsewhere.block = 2;
    TrialRecord other = trial_of("b", 1);
    other.parameters.connections = 7;
    CHECK(state_of({elsewhere, other}).next_repetition == 1);
}

TEST_CASE("a server's fault is told from the machine's") {
    CHECK(is_servers_fault(trial_of("a", 1, "server_died")));
    CHECK(is_servers_fault(trial_of("a", 1, "verification_failed")));
    CHECK_FALSE(is_servers_fault(trial_of("a", 1, "send_late")));
    CHECK_FALSE(is_servers_fault(trial_of("a", 1)));
}

} // namespace kvduel::experiment
