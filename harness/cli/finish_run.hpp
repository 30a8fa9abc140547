#pragma once

#include "harness/experiment/run_suite.hpp"
#include "harness/report/tables/result_tables.hpp"

#include <string>

namespace kvduel::cli {

/// Runs `request` under Ctrl-C's rules with progress on stderr, prints the results on stdout and, if `path`
/// of the sink is not empty afterwards, where the report is. Gives the exit code of the run.
Result<int> run_and_show(const experiment::RunRequest& request, experiment::ReportSink& sink,
                         report::Format format, bool is_progress_wanted);

} // namespace kvduel::cli
