#pragma once

#include "core/support/error.hpp"
#include "harness/experiment/record/report.hpp"
#include "harness/experiment/run/progress.hpp"
#include "harness/experiment/run/run_request.hpp"
#include "harness/experiment/text/json_readers.hpp"

#include <atomic>
#include <optional>

namespace kvduel::experiment {

struct RunEnd {
    RunReport report;
    std::optional<Error> write_error; ///< the sink's, after at least one trial
    int exit_code = 0;                ///< 0, 3 (invalid, see below), 73 (write_error) or 130 (interrupted)
};

/// Runs a suite: the capacities that a load_fraction needs (calibration.hpp), then every trial by blocks
/// (block_run.hpp), then the cells that a refinement inserts (refine.hpp), then the searches
/// (run_searches.hpp), and hands the report to `sink` before the first trial, after each one and at the end.
/// Main thread only: the servers die with the thread that started them. `stop` ends the run early: the report
/// then says is_interrupted.
///
/// The run is invalid (exit code 3) if a server was at fault in any trial (is_servers_fault()), if too
/// many pairs were lost (lost_pairs.hpp), if cells were left out as their capacity could not be measured, or
/// if a search found no rate that holds, as its trials were invalid or came to an end.
///
/// An error means that nothing was measured: a contender that cannot be had (kUnavailable), a resource limit
/// (kUsage), a machine that is too busy (kBusy), a report that cannot be written (kCannotWrite). A sink that
/// fails later ends the run as well; the report so far is then in RunEnd.
Result<RunEnd> run_suite(const RunRequest& request, const JsonReaders& readers, ReportSink& sink,
                         Progress& progress, const std::atomic<bool>& stop);

} // namespace kvduel::experiment
