#pragma once

#include "harness/gate/gate.hpp"
#include "harness/stats/gate_rule.hpp"

#include <vector>

namespace kvduel::gate {

/// What the verdict is made of, besides the rows.
struct Evidence {
    stats::GateWord word = stats::GateWord::kOpen;
    bool is_out_of_time = false;
    bool has_machine_changed = false; ///< its fingerprint, during the gate
    bool is_interrupted = false;
};

/// A trial of base whose server never started in its cell, if no other fault of a server stands beside it: a
/// suite or options that only head knows. Nothing is wrong with either, and there is nothing to compare. Else
/// null.
const experiment::TrialRecord* not_run_by_base(const std::vector<experiment::TrialRecord>& trials);

/// Sets verdict and reasons of `result`, whose rows and steal_median stand. The first that holds decides: a
/// server's fault or too many lost pairs, the machine, the rule. Pure.
void conclude(GateResult& result, const experiment::RunReport& report, const Evidence& evidence);

} // namespace kvduel::gate
