#pragma once

#include "harness/experiment/record/cell_trials.hpp"

#include <map>
#include <string>
#include <vector>

namespace kvduel::experiment {

/// The codes whose checks look at what a trial came to: the generator is busier for a quick server, lateness
/// is held against the latency, a queue that grew leaves requests unsent. A run of a cell that is thrown away
/// for one of them and done again is not thrown away blindly (docs/decisions/0015).
bool looks_at_the_result(std::string_view code);

/// The blocks of a cell that stand by another run than their first, which a trial's result made invalid.
struct RepeatedBlocks {
    const TrialRecord* example; ///< of the cell
    unsigned repeated = 0;
    unsigned blocks = 0; ///< that have a trial at all
    /// In how many of them a trial of the contender was such a one. Far apart: their ratio may lean.
    std::map<std::string, unsigned> by_contender;
};

/// Of each cell in which that are over kMaxLostShare of its blocks, in the order of first appearance. Points
/// into the trials. Pure.
std::vector<RepeatedBlocks> repeated_blocks(const std::vector<TrialRecord>& trials);

} // namespace kvduel::experiment
