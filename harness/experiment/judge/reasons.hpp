#pragma once

#include "harness/experiment/record/cell_trials.hpp"
#include "harness/experiment/record/report.hpp"

#include <span>
#include <string>
#include <vector>

namespace kvduel::experiment {

/// What was seen with a difference, or why none was decided; at most three lines, the strongest first.
/// Worded by evidence:
///   "accounts for x of y us": parts that add up, of the mean latency (queue wait + handler + ...) and of CPU
///     time (user + system);
///   "goes along with": a cost that was higher on the losing side in every block, and by enough to matter.
/// No cause is claimed: that would take a run in which the mechanism is switched off.
/// `pairs` are those the comparison rests on. Pure.
std::vector<std::string> reasons_of(const Comparison& comparison, std::span<const BlockPair> pairs);

/// Over kMaxLostShare of the blocks have no pair: no verdict rests on the others.
bool has_lost_too_many(const Comparison& comparison);

} // namespace kvduel::experiment
