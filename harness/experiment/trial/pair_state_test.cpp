#include "harness/experiment/trial/pair_state.hpp"

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

TEST_CASE("a pair that others disturbed is repeated three times, while nothing else is wrong with it") {
    TrialRecord disturbed = trial_of("b", 1, "send_late");
    disturbed.warnings.push_back({"noisy_machine", "3 % of CPU time was stolen"});
    std::vector<TrialRecord> trials;
    for (unsigned repetition = 1; repetition <= 4; ++repetition) {
        CHECK(state_of(trials).need == (repetition == 1 ? PairNeed::kFirst : PairNeed::kRepeat));
        CHECK(state_of(trials).next_repetition == repetition);
        trials.push_back(trial_of("a", repetition));
        disturbed.repetition = repetition;
        trials.push_back(disturbed);
    }
    CHECK(state_of(trials).need == PairNeed::kNone);

    trials.resize(4); // the second time without any noise: then it is not the machine
    trials.back().warnings.pop_back();
    CHECK(state_of(trials).need == PairNeed::kNone);
}

TEST_CASE("noise excuses no server") {
    TrialRecord died = trial_of("b", 1, "server_died");
    died.warnings.push_back({"noisy_machine", "3 % of CPU time was stolen"});
    CHECK_FALSE(is_machines_fault(died));
    TrialRecord noisy = trial_of("b", 1);
    noisy.warnings.push_back({"noisy_machine", "3 % of CPU time was stolen"});
    CHECK_FALSE(is_machines_fault(noisy)); // a valid trial is nobody's fault
    noisy.verdict = Verdict::kInvalid;
    CHECK(is_machines_fault(noisy));
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

// An overload that was refused as it must be, and whose generator was late, ended whole runs as "a server's
// fault".
TEST_CASE("refusals that the scenario provokes are no fault of the server, nor are a few errors") {
    TrialRecord refused = trial_of("a", 1, "send_late");
    refused.warnings.push_back({"errors_high", "half of them"});
    refused.warnings.push_back({"noisy_machine", "3 % of CPU time was stolen"});
    refused.requests.sent = 1'000;
    refused.requests.errors.status = 500;
    CHECK(is_servers_fault(refused));
    refused.parameters.are_errors_expected = true;
    CHECK_FALSE(is_servers_fault(refused));
    CHECK(is_machines_fault(refused));
    refused.parameters.are_errors_expected = false;
    refused.requests.errors.status = 10; // 1 %
    CHECK_FALSE(is_servers_fault(refused));
    refused.requests.errors.status = 11;
    CHECK(is_servers_fault(refused));
}

TEST_CASE("trials of another group of the cell's contenders are another pair's") {
    CHECK(state_of({trial_of("c", 1), trial_of("d", 1)}).need == PairNeed::kFirst);
    const std::vector<TrialRecord> both{trial_of("a", 1), trial_of("b", 1), trial_of("c", 1, "send_late"),
                                        trial_of("d", 1)};
    CHECK(state_of(both).need == PairNeed::kNone);
    CHECK(state_of(both, {"c", "d"}).need == PairNeed::kRepeat);
}

TEST_CASE("a server's fault is told from the machine's") {
    CHECK(is_servers_fault(trial_of("a", 1, "server_died")));
    CHECK(is_servers_fault(trial_of("a", 1, "verification_failed")));
    CHECK_FALSE(is_servers_fault(trial_of("a", 1, "send_late")));
    CHECK_FALSE(is_servers_fault(trial_of("a", 1)));
}

} // namespace kvduel::experiment
