#include "harness/experiment/run/finish_report.hpp"

#include "harness/experiment/judge/compare.hpp"
#include "harness/experiment/judge/crossing.hpp"
#include "harness/experiment/judge/expectation.hpp"
#include "harness/experiment/judge/summarise.hpp"
#include "harness/experiment/machine/cpu_plan.hpp"
#include "harness/experiment/text/time_text.hpp"

#include <chrono>

namespace kvduel::experiment {

void finish_report(RunReport& report, const std::optional<CpuTimes>& begin, bool is_interrupted) {
    report.run.is_interrupted = is_interrupted;
    report.run.finished_at = rfc3339(std::chrono::system_clock::now());
    Environment& environment = report.environment;
    environment.steal_ratio =
        steal_ratio(begin, read_cpu_times(), used_cpus({environment.server_cpus, environment.load_cpus}));
    report.summary = summarise(report.trials);
    report.expectations = expectations(report);
    report.comparisons = compare(report.trials, report.contenders);
    report.crossings = crossings(report.suite, report.comparisons);
}

} // namespace kvduel::experiment
