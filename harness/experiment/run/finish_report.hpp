#pragma once

#include "harness/experiment/machine/cpu_times.hpp"
#include "harness/experiment/record/report.hpp"

#include <optional>

namespace kvduel::experiment {

/// Fills in what follows from the trials, and when and how the run ended; `begin` is the CPU time when it
/// began, or went on.
void finish_report(RunReport& report, const std::optional<CpuTimes>& begin, bool is_interrupted);

} // namespace kvduel::experiment
