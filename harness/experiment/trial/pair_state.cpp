#include "harness/experiment/trial/pair_state.hpp"

#include "harness/experiment/trial/check_trial.hpp"

#include <algorithm>
#include <array>

namespace kvduel::experiment {

namespace {

bool has_code(const TrialRecord& trial, std::string_view code) {
    return std::ranges::find(trial.warnings, code, &Warning::code) != trial.warnings.end();
}

/// A server that does not start does not start the second time.
bool is_worth_a_repeat(const TrialRecord& trial) {
    return trial.verdict == Verdict::kInvalid && !has_code(trial, "server_not_started");
}

} // namespace

PairState pair_state(std::span<const TrialRecord> trials, const Pair& pair) {
    std::vector<const TrialRecord*> own;
    unsigned last = 0;
    for (const TrialRecord& trial : trials) {
        if (trial.block != pair.block || trial.scenario != pair.scenario ||
            !(trial.parameters == pair.parameters) ||
            std::ranges::find(pair.contenders, trial.contender) == pair.contenders.end())
            continue;
        last = std::max(last, trial.repetition);
        own.push_back(&trial);
    }
    unsigned whole_runs = 0;
    bool may_repeat = false;
    bool is_machines = false;
    for (unsigned repetition = 1; repetition <= last; ++repetition) {
        const auto is_of_run = [&](const TrialRecord* trial) {
            return trial->repetition == repetition && !has_code(*trial, "interrupted");
        };
        const auto trials_of_run = static_cast<std::size_t>(std::ranges::count_if(own, is_of_run));
        if (trials_of_run < pair.contenders.size()) continue;
        ++whole_runs;
        may_repeat = std::ranges::any_of(
            own, [&](const TrialRecord* trial) { return is_of_run(trial) && is_worth_a_repeat(*trial); });
        is_machines = std::ranges::all_of(own, [&](const TrialRecord* trial) {
            return !is_of_run(trial) || trial->verdict == Verdict::kValid || is_machines_fault(*trial);
        });
    }
    PairState state;
    state.next_repetition = last + 1;
    if (whole_runs == 0)
        state.need = PairNeed::kFirst;
    else if (may_repeat && whole_runs < (is_machines ? kMostRuns : kMostRunsElse) &&
             pair.contenders.size() > 1)
        state.need = PairNeed::kRepeat;
    else
        state.need = PairNeed::kNone;
    return state;
}

bool is_servers_fault(const TrialRecord& trial) {
    constexpr std::array<std::string_view, 8> kServers{
        "server_not_started",    "server_died",         "preload_failed",        "server_unreachable",
        "server_count_mismatch", "verification_failed", "conservation_violated", "littles_law_violated"};
    // errors_high is a warning where errors are few or expected, and then stands in trials that another code
    // made invalid.
    return trial.verdict == Verdict::kInvalid &&
           (are_errors_too_many(trial.parameters, trial.requests) ||
            (has_code(trial, "nothing_answered") && !has_code(trial, "noisy_machine")) ||
            std::ranges::any_of(kServers, [&](std::string_view code) { return has_code(trial, code); }));
}

bool is_machines_fault(const TrialRecord& trial) {
    return trial.verdict == Verdict::kInvalid && has_code(trial, "noisy_machine") && !is_servers_fault(trial);
}

} // namespace kvduel::experiment
