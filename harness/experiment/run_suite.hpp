#pragma once

#include "core/support/error.hpp"
#include "harness/experiment/cpu_plan.hpp"
#include "harness/experiment/json_readers.hpp"
#include "harness/experiment/progress.hpp"
#include "harness/experiment/report.hpp"
#include "harness/experiment/waits.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kvduel::experiment {

/// The binary that runs this.
Tool this_tool();

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
    /// Looks at the machine before the first trial, for environment.doctor; the CPUs of the run and the most
    /// connections of a cell are given. Empty: nobody looks.
    std::function<std::vector<DoctorFinding>(const CpuPlan&, unsigned connections)> examine;
    bool runs_even_if_busy = false; ///< what busy_reasons() says then becomes a note of the report
};

/// Runs every trial of `request` by blocks and hands the report to `sink` before the first trial, after each
/// one and at the end. Main thread only: the servers die with the thread that started them. `stop` ends the
/// run early: the report then says is_interrupted.
///
/// An error means that nothing was measured: a contender that cannot be had (kUnavailable), a resource limit
/// (kUsage), a machine that is too busy (kBusy), a report that cannot be written (kCannotWrite). A sink that
/// fails later ends the run as well; the report so far is then in RunEnd.
struct RunEnd {
    RunReport report;
    std::optional<Error> write_error; ///< the sink's, after at least one trial
    int exit_code = 0;                ///< 0, 3 (an invalid trial), 73 (write_error) or 130 (interrupted)
};
Result<RunEnd> run_suite(const RunRequest& request, const JsonReaders& readers, ReportSink& sink,
                         Progress& progress, const std::atomic<bool>& stop);

} // namespace kvduel::experiment
