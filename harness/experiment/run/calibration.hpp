#pragma once

#include "harness/experiment/run/run_scene.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace kvduel::experiment {

inline constexpr unsigned kCapacityTrials = 3;   ///< valid ones, of which the median counts
inline constexpr unsigned kCapacityAttempts = 6; ///< trials to get them, a contender
inline constexpr double kCapacityWindowS = 1.0;  ///< the longest window of one

/// A capacity that a cell's load_fraction refers to.
struct CapacityNeed {
    std::string scenario;                ///< the first that needs it
    Parameters parameters;               ///< capacity_parameters() of the cell
    std::vector<std::size_t> contenders; ///< who runs the cell
};

/// The load that finds out what a cell's server can do at most: the cell as a closed loop with all its
/// connections, but no more requests in flight than the server admits (max_in_flight), so that nothing is
/// shed. No error is expected. Pure, as all but calibrate().
Parameters capacity_parameters(const Parameters& cell);

/// What must be measured, each once, in the order of the suite.
std::vector<CapacityNeed> capacity_needs(const Suite& suite, const std::vector<Contender>& contenders);

/// The median of a need's slowest contender; absent if one of them has none.
std::optional<double> base_capacity(const CapacityNeed& need, const std::vector<Capacity>& capacities,
                                    const std::vector<Contender>& contenders);

/// rate_per_s = load_fraction x base in each cell whose capacities are known. Gives a note for each cell that
/// must be left out, as a capacity could not be measured.
std::vector<std::string> set_rates(Suite& suite, const std::vector<Capacity>& capacities,
                                   const std::vector<Contender>& contenders);

/// Measures what the report does not have yet: closed loops of kCapacityWindowS, contenders alternating and
/// every other round reversed, until each has kCapacityTrials valid ones or has had kCapacityAttempts. The
/// report is kept after each need. `left_s`: what the whole run will take. Errors as of run_blocks().
Outcome calibrate(RunScene& scene, const std::vector<CapacityNeed>& needs, double left_s);

/// How long it will take if every trial is valid.
double capacity_seconds(const CapacityNeed& need, Duration rest);

} // namespace kvduel::experiment
