#pragma once

#include "harness/experiment/plan/trial_order.hpp"
#include "harness/experiment/run/run_scene.hpp"

#include <vector>

namespace kvduel::experiment {

/// The longest window of an opening trial.
inline constexpr double kOpeningWindowS = 1.0;

/// The cell with a window of kOpeningWindowS at the most. Pure.
Parameters opening_parameters(const Parameters& cell);

/// Runs what the report misses of `plan`, block by block, and keeps the report after each trial:
/// - a block opens with a trial that is thrown away, the one that comes next with a window of kOpeningWindowS
///   at the most: the first place pays for cold caches. Nothing of it is kept;
/// - pairs that have no whole run follow in the order of the plan;
/// - then those are repeated in which a trial was invalid: once, more often if the machine was to blame
///   (pair_state.hpp).
/// `before`: how many trials the run had planned before these, to count on from. `later_s`: how long the
/// phases after this one will take, for the time left. Returns early, without an error, when the user stops
/// the run; the errors are run_trial()'s and the sink's.
Outcome run_blocks(RunScene& scene, const std::vector<PlannedTrial>& plan, double later_s,
                   unsigned before = 0);

} // namespace kvduel::experiment
