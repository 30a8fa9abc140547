#pragma once

#include "harness/experiment/record/cell_trials.hpp"
#include "harness/experiment/record/report.hpp"

#include <optional>
#include <span>

namespace kvduel::experiment {

/// The code of the warning below.
inline constexpr const char* kSharedLateness = "shared_lateness";

/// What the generator itself was late stands in the latencies of both sides and makes them alike: where, in
/// over half of the pairs, it is more than the margin of either's latency, what looks equivalent may be the
/// generator's. None for other metrics, or where it is less. A win needs no such doubt: lateness only draws
/// ratios towards 1. Pure.
std::optional<Warning> shared_lateness(const Comparison& comparison, std::span<const BlockPair> pairs);

/// Does it bear that warning? Then it is no equivalence, and more blocks decide nothing. Pure.
bool is_doubted(const Comparison& comparison);

} // namespace kvduel::experiment
