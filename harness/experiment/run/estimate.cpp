#include "harness/experiment/run/estimate.hpp"

#include "harness/experiment/judge/expectation.hpp"
#include "harness/experiment/plan/trial_order.hpp"
#include "harness/experiment/run/block_run.hpp"
#include "harness/experiment/run/calibration.hpp"
#include "harness/experiment/run/refine.hpp"
#include "harness/experiment/run/run_searches.hpp"

#include <algorithm>
#include <chrono>

namespace kvduel::experiment {

namespace {

constexpr double kStartAndStopS = 0.04;     // of a server, its pages read, the load drained
constexpr double kConnectS = 30e-6;         // of a connection, opened and closed
constexpr double kWriteS = 1.5e-6;          // of a key before the warm-up
constexpr double kWritesWaitingAtOnce = 16; // where each waits

double option_s(const Parameters& cell, const char* name) {
    const auto set = cell.server.find(name);
    return set == cell.server.end() ? 0 : parse_work(set->second).mean();
}

double preload_s(const Parameters& cell) {
    const workload::Workload& work = cell.workload;
    if (work.path || !work.preload) return 0;
    const double write_s =
        kWriteS + option_s(cell, "work_cpu_us") + option_s(cell, "work_wait_us") / kWritesWaitingAtOnce;
    return static_cast<double>(work.keys) * write_s;
}

} // namespace

double trial_seconds(const Parameters& cell, Duration rest) {
    return kStartAndStopS + preload_s(cell) + cell.connections * kConnectS + cell.warmup_s + cell.duration_s +
           std::chrono::duration<double>(rest).count();
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
    Estimate all{block.trials * suite.repetitions, (block.seconds + longest_s) * suite.repetitions, 0};
    for (const CapacityNeed& need : capacity_needs(suite, contenders))
        all.seconds += capacity_seconds(need, rest);
    all.seconds += search_seconds(suite, contenders, rest);
    all.refinement_s = refinement_seconds(suite, contenders, rest);
    return all;
}

} // namespace kvduel::experiment
