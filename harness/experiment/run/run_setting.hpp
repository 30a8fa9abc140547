#pragma once

#include "core/support/error.hpp"
#include "harness/experiment/machine/cpu_plan.hpp"
#include "harness/experiment/record/report.hpp"
#include "harness/experiment/run/run_request.hpp"

#include <vector>

namespace kvduel::experiment {

/// The binary that runs this.
Tool this_tool();

/// What holds still over a run.
struct RunSetting {
    std::vector<Contender> contenders; ///< resolved
    CpuPlan cpus;
    bool are_cpus_shared = false; ///< of a target, each trial finds out
};

/// Finds the contenders, raises the limit of descriptors, chooses CPUs and looks at the machine, before
/// anything is written or said, so that a run that is refused leaves no report behind; fills in all of
/// `report` that is known before the first trial. Paths of programs in the report are relative to the folder
/// of this binary where they lie in it. Errors as of run_suite().
Result<RunSetting> prepare_run(const RunRequest& request, RunReport& report);

} // namespace kvduel::experiment
