#pragma once

#include "harness/experiment/plan/suite.hpp"
#include "harness/load/result.hpp"

#include <string>

namespace kvduel::experiment {

// What must hold of every load, whatever the server did. Each gives the empty string if it holds and one
// sentence with the figures if not. Pure.

/// completed = succeeded + status + verification; sent = completed + in flight + errors without an answer;
/// latencies = succeeded + timeouts + unsent.
std::string broken_conservation(const load::LoadResult& load);

/// Little 1961, L = lambda W, over the window: the integral of requests in flight is the sum of the service
/// times, corrected for what crosses the window's ends, within 0.5 %. The counter in flight and the histogram
/// take their times from the same clock reads, so a sound load agrees to 1e-12 and one lost record in a
/// hundred is seen at any service time. A closed loop that lost no connection also keeps 90 % of its requests
/// in flight, but while slices end.
std::string broken_littles_law(const Parameters& parameters, const load::LoadResult& load);

/// The share of the window's connections x pipeline in which a closed loop sent nothing, as a slice ended.
double settling_share(const Parameters& parameters, const load::LoadResult& load);

/// The rate and the p50 of the window's first and last third agree within 10 %. Needs two intervals.
std::string unsteadiness(const load::LoadResult& load);

} // namespace kvduel::experiment
