#pragma once

#include "harness/experiment/plan/trial_order.hpp"
#include "harness/gate/duellists.hpp"

#include <cstdint>
#include <vector>

namespace kvduel::gate {

/// The trials of one block, which counts from 1: every duel once, base and head as neighbours. Odd blocks
/// draw the order of duels and of the two, even ones reverse the block before (docs/how-it-measures.md).
/// Pure: the seed decides all.
std::vector<experiment::PlannedTrial> plan_block(const std::vector<Duel>& duels, unsigned block,
                                                 std::uint64_t seed);

} // namespace kvduel::gate
