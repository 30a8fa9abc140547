#include "harness/gate/verdict.hpp"

#include "harness/experiment/judge/lost_pairs.hpp"
#include "harness/experiment/text/number_text.hpp"
#include "harness/experiment/trial/pair_state.hpp"
#include "harness/gate/run_gate.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace kvduel::gate {

namespace {

using experiment::percent_text;
using experiment::TrialRecord;

void end(GateResult& result, GateVerdict verdict, std::string reason) {
    result.verdict = verdict;
    result.reasons.push_back(std::move(reason));
}

std::string place_of(const TrialRecord& trial) {
    return trial.scenario + "/" + trial.contender + " block " + std::to_string(trial.block);
}

std::string fault_of(const TrialRecord& trial) {
    std::string text = "a server was at fault: " + place_of(trial);
    for (const experiment::Warning& warning : trial.warnings)
        text.append(": ").append(warning.code).append(": ").append(warning.message);
    return text;
}

bool is_of(const TrialRecord& trial, std::string_view side) {
    return trial.contender.ends_with("-" + std::string(side));
}

bool has_not_started(const TrialRecord& trial) {
    const auto is_code = [](const experiment::Warning& one) { return one.code == "server_not_started"; };
    return std::ranges::any_of(trial.warnings, is_code);
}

/// In the cell of `trial`, by another trial of the same contender.
bool has_ever_started(const TrialRecord& trial, const std::vector<TrialRecord>& trials) {
    return std::ranges::any_of(trials, [&](const TrialRecord& other) {
        return other.contender == trial.contender && other.scenario == trial.scenario &&
               other.parameters == trial.parameters && !has_not_started(other);
    });
}

bool are_machines(const std::vector<TrialRecord>& trials) {
    const auto invalid = std::ranges::count(trials, experiment::Verdict::kInvalid, &TrialRecord::verdict);
    return 2 * std::ranges::count_if(trials, experiment::is_machines_fault) > invalid;
}

std::size_t count(const GateResult& result, RowWord word) {
    return static_cast<std::size_t>(std::ranges::count(result.rows, word, &GateRow::word));
}

std::string lost_text(const GateResult& result) {
    return std::to_string(result.pairs_lost) + " of " + std::to_string(result.pairs_planned) +
           " pairs have no valid trials; allowed: " + percent_text(experiment::LostPairs::kMost);
}

std::string open_text(const GateResult& result) {
    const std::size_t open = count(result, RowWord::kOpen);
    const std::size_t unjudged = count(result, RowWord::kUnjudged);
    const std::string of_all = " of " + std::to_string(result.rows.size()) + " endpoints ";
    const std::string lost =
        result.pairs_lost > 0 ? "lost too many pairs" : "have no figure in too many pairs";
    if (open == 0) return std::to_string(unjudged) + of_all + lost;
    const std::string text = std::to_string(open) + of_all + "are neither worse nor proven not to be";
    return unjudged == 0 ? text : text + ", and " + std::to_string(unjudged) + " " + lost;
}

bool ends_by_trials(GateResult& result, const std::vector<TrialRecord>& trials) {
    if (const TrialRecord* trial = not_run_by_base(trials)) {
        end(result, GateVerdict::kInconclusive,
            "base cannot run what head is asked for, so there is nothing to compare with: " +
                fault_of(*trial));
        return true;
    }
    const auto fault = std::ranges::find_if(trials, experiment::is_servers_fault);
    if (fault != trials.end()) {
        end(result, GateVerdict::kInvalid, fault_of(*fault));
        return true;
    }
    if (result.pairs_lost <= experiment::LostPairs::kMost * result.pairs_planned) return false;
    end(result, are_machines(trials) ? GateVerdict::kInconclusive : GateVerdict::kInvalid, lost_text(result));
    return true;
}

bool ends_by_machine(GateResult& result, const Evidence& evidence) {
    if (evidence.has_machine_changed)
        end(result, GateVerdict::kInconclusive,
            "the machine is not the one it was at the start: its fingerprint changed");
    else if (result.steal_median > kMostSteal)
        end(result, GateVerdict::kInconclusive,
            percent_text(result.steal_median) +
                " of CPU time was stolen, as the median over blocks; allowed: " + percent_text(kMostSteal));
    else
        return false;
    return true;
}

void end_by_rule(GateResult& result, const Evidence& evidence) {
    if (evidence.word == stats::GateWord::kPass) {
        result.verdict = GateVerdict::kPass;
    } else if (evidence.word == stats::GateWord::kRegression) {
        end(result, GateVerdict::kRegression,
            std::to_string(count(result, RowWord::kRegression)) + " of " +
                std::to_string(result.rows.size()) + " endpoints are worse");
    } else {
        end(result, GateVerdict::kInconclusive, open_text(result));
    }
}

} // namespace

const TrialRecord* not_run_by_base(const std::vector<TrialRecord>& trials) {
    const TrialRecord* found = nullptr;
    for (const TrialRecord& trial : trials) {
        if (!experiment::is_servers_fault(trial)) continue;
        if (!is_of(trial, kBase) || !has_not_started(trial) || has_ever_started(trial, trials))
            return nullptr;
        if (found == nullptr) found = &trial;
    }
    return found;
}

void conclude(GateResult& result, const experiment::RunReport& report, const Evidence& evidence) {
    if (!ends_by_trials(result, report.trials)) {
        if (evidence.is_interrupted && evidence.word == stats::GateWord::kOpen)
            end(result, GateVerdict::kInconclusive, "it was interrupted");
        else if (!ends_by_machine(result, evidence))
            end_by_rule(result, evidence);
    }
    if (evidence.is_out_of_time)
        result.reasons.push_back("the next look would have ended after the budget of " +
                                 experiment::number_text(result.budget_s) + " s");
}

} // namespace kvduel::gate
