#pragma once

#include "harness/experiment/judge/theory.hpp"
#include "harness/experiment/record/report.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kvduel::experiment {

/// The scenario whose CPU per request is taken for a contender's own cost of a request: nothing else is in
/// it.
inline constexpr const char* kOwnCostScenario = "hot-get";

/// What a theory must know of `contender` in `cell`, or nothing if the contender is of no known model or the
/// rate of an open loop is not known yet. Options that the cell does not set are those of its command, then
/// the servers' own defaults (a worker or loop per core). Own CPU: the median of kOwnCostScenario in this
/// report, else 0. Pure.
std::optional<TheoryInputs> theory_inputs(const RunReport& report, const Contender& contender,
                                          const Parameters& cell);

/// For each cell of a scenario with a theory and each contender that runs it, in the order of the suite.
/// Pure.
std::vector<Expectation> expectations(const RunReport& report);

/// "5000", "10000@1%" as --work-cpu-us takes it; no work if it is neither. Pure.
WorkShare parse_work(const std::string& text);

} // namespace kvduel::experiment
