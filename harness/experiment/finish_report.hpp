#pragma once

#include "harness/experiment/machine.hpp"
#include "harness/experiment/report.hpp"

#include <optional>

namespace kvduel::experiment {

/// Fills in what follows from the trials, and when and how the run ended; `begin` is the CPU time when it
/// began.
void finish_report(RunReport& report, const std::optional<CpuTicks>& begin, bool is_interrupted);

} // namespace kvduel::experiment
