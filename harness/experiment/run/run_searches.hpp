#pragma once

#include "harness/experiment/plan/capacity_search.hpp"
#include "harness/experiment/run/run_scene.hpp"

#include <optional>

namespace kvduel::experiment {

inline constexpr double kSearchStartRate = 1'000;  ///< 1/s
inline constexpr unsigned kUsualSearchTrials = 45; ///< of one search, for the time left; they need 25 to 60

/// Finds for each cell that asks for it (Parameters::search) and each contender the highest rate that holds
/// the target, by open loops of the cell's length: the contenders take turns, step k of all of them has the
/// same requests. A trial passes if P99 and the share of what was due and failed or was never sent are within
/// the target. Searches that the report has are continued from their steps, not made again. The report is
/// kept after each step. Errors as of run_blocks(). `later_s`: how long the phases after this one will take.
Outcome run_searches(RunScene& scene, double later_s);

/// The load of one step.
Parameters step_parameters(const Parameters& cell, double rate_per_s);

/// What a trial says about its rate. One that is invalid as the generator was late still passes if the target
/// holds: lateness only adds to the latency. Where the lower end is confirmed it also fails if it does not:
/// passes taken without their failures would confirm any rate. Pure.
SearchStep judge_step(const TrialRecord& trial, const Search& target, bool confirms_lower);

/// A search as far as its steps have brought it. `duration_s` of a trial bounds the rates: P99 needs samples.
CapacitySearch replay(const SearchResult& result);

/// How long all searches of `suite` usually take.
double search_seconds(const Suite& suite, const std::vector<Contender>& contenders, Duration rest);

} // namespace kvduel::experiment
