#pragma once

#include "harness/gate/gate.hpp"
#include "harness/stats/gate_rule.hpp"

namespace kvduel::gate {

/// What the verdict is made of, besides the rows.
struct Evidence {
    stats::GateWord word = stats::GateWord::kOpen;
    bool is_out_of_time = false;
    bool has_machine_changed = false; ///< its fingerprint, during the gate
};

/// Sets verdict and reasons of `result`, whose rows and steal_median stand. The first that holds decides: a
/// server's fault or too many lost pairs, the machine, the rule. Pure.
void conclude(GateResult& result, const experiment::RunReport& report, const Evidence& evidence);

} // namespace kvduel::gate
