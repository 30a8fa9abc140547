#pragma once

#include "harness/gate/duellists.hpp"
#include "harness/gate/gate.hpp"
#include "harness/stats/gate_rule.hpp"

#include <vector>

namespace kvduel::gate {

/// What the rule says of the trials so far.
struct Judged {
    stats::GateWord word = stats::GateWord::kOpen;
    std::vector<GateRow> rows; ///< by duel, then by metric
    unsigned pairs_planned = 0;
    unsigned pairs_lost = 0;
};

/// The endpoints are the metrics of the tolerances, each in every cell that it is judged in (margins.hpp says
/// where throughput is not: in an open loop it is the rate that was asked for). Pure.
Judged judge(const GateRequest& request, const Duellists& duellists,
             const std::vector<experiment::TrialRecord>& trials, const stats::GateLook& look);

} // namespace kvduel::gate
