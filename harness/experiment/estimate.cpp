#include "harness/experiment/estimate.hpp"

#include "harness/experiment/trial_order.hpp"

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
    for (const Scenario& scenario : suite.scenarios)
        for (const Parameters& cell : scenario.cells)
            for (const Contender& contender : contenders) {
                if (!missing_options(contender, cell).empty()) continue;
                ++block.trials;
                block.seconds += trial_seconds(cell, rest);
            }
    return {block.trials * suite.repetitions, block.seconds * suite.repetitions};
}

} // namespace kvduel::experiment
