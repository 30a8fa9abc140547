#include "harness/cli/finish_run.hpp"

#include "harness/cli/progress_line.hpp"
#include "harness/experiment/server/interrupts.hpp"
#include "harness/report/readers/server_reader.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace kvduel::cli {

Result<int> run_and_show(const experiment::RunRequest& request, experiment::ReportSink& sink,
                         report::Format format, bool is_progress_wanted) {
    const experiment::Interrupts interrupts;
    auto progress = make_progress(is_progress_wanted);
    const auto end = experiment::run_suite(request, report::json_readers(), sink, *progress,
                                           experiment::Interrupts::stop());
    progress.reset();
    if (!end) return end.error();
    const std::string text = report::render_results(end->report, format);
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
    if (end->write_error) return *end->write_error;
    return end->exit_code;
}

} // namespace kvduel::cli
