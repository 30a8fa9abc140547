#include "harness/experiment/estimate.hpp"

#include "harness/experiment/block_run.hpp"
#include "harness/experiment/calibration.hpp"
#include "harness/experiment/trial_order.hpp"

#include <algorithm>
#include <chrono>

namespace kvduel::experiment {

namespace {

constexpr double kStartAndStopS = 0.3; // of a server

} // namespace

double trial_seconds(const Parameters& cell, Duration rest) {
    return cell.warmup_s + cell.duration_s + kStartAndStopS + std::chrono::duration<double>(rest).count();
}

Estimate estimate(const Suite& suite, const std::vector<Contender>& contenders, Duration rest) {
    Estimate block;
    double longest_s = 0;
    for (const Scenario& scenario : suite.scenarios)
        for (const Parameters& cell : scenario.cells)
            for (const Contender& contender : contenders) {
                if (cell.search || !missing_options(contender, cell).empty()) continue;
                ++block.trials;
                block.seconds += trial_seconds(cell, rest);
                longest_s = std::max(longest_s, trial_seconds(opening_parameters(cell), rest));
            }
    Estimate all{block.trials * suite.repetitions, (block.seconds + longest_s) * suite.repetitions};
    for (const CapacityNeed& need : capacity_needs(suite, contenders))
        all.seconds += capacity_seconds(need, rest);
    return all;
}

} // namespace kvduel::experiment
