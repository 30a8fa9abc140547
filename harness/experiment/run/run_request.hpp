#pragma once

#include "harness/experiment/machine/cpu_plan.hpp"
#include "harness/experiment/machine/doctor_finding.hpp"
#include "harness/experiment/machine/machine_reading.hpp"
#include "harness/experiment/record/report.hpp"
#include "harness/experiment/trial/waits.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kvduel::experiment {

/// A run, complete: what `kvduel run` and `kvduel load` hand over.
struct RunRequest {
    Suite suite;                       ///< repetitions, durations already as the command line wants them
    std::vector<Contender> contenders; ///< those that run, in order; not yet resolved
    std::uint64_t seed = 1;
    std::vector<std::string> argv;
    std::optional<std::vector<int>> server_cpus; ///< absent: chosen (choose_cpus()); empty: not pinned
    std::optional<std::vector<int>> load_cpus;
    Waits waits;
    LoadFunction load; ///< empty: load::run_load
    MachineReader machine = read_machine;
    /// Looks at the machine before the first trial, for environment.doctor; the CPUs of the run and the most
    /// connections of a cell are given. Empty: nobody looks.
    std::function<std::vector<DoctorFinding>(const CpuPlan&, unsigned connections)> examine;
    bool runs_even_if_busy = false; ///< what busy_reasons() says then becomes a note of the report
    /// The report so far of a run that goes on (resume.hpp); its seed is the run's. Suite, contenders and
    /// CPUs of the request must be its own.
    std::optional<RunReport> resumed;
    bool has_opening_trials = true; ///< before each block (block_run.hpp)
};

} // namespace kvduel::experiment
