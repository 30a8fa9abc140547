#include "harness/cli/command.hpp"
#include "harness/cli/command_line.hpp"
#include "harness/cli/values.hpp"
#include "harness/experiment/judge/summarise.hpp"
#include "harness/report/check/check_report.hpp"
#include "harness/report/report_file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kvduel::cli {

Result<int> check_command(std::span<const std::string> arguments, std::span<const std::string>) {
    std::string path;
    const Positional file{"REPORT", "a kvduel.report/1 file",
                          take_text([&](auto text) { path = std::move(text); })};
    const auto parsed = parse_command_line(
        "check", "Validates a report against its schema and its own arithmetic.", file, {}, arguments);
    if (!parsed) return parsed.error();
    if (*parsed == Parsed::kHelpShown) return 0;
    const auto read = report::read_report(path);
    if (!read) return read.error();
    const Outcome outcome = report::check_report(*read, path);
    if (!outcome) return outcome.error();
    const auto invalid =
        std::ranges::count(read->trials, experiment::Verdict::kInvalid, &experiment::TrialRecord::verdict);
    fmt::print("{}: the report is sound: {} of {} planned trials, {} invalid{}\n", path,
               experiment::trials_done(read->trials), read->run.trials_planned, invalid,
               read->run.is_interrupted ? ", interrupted" : "");
    return 0;
}

} // namespace kvduel::cli
