#include "harness/cli/command.hpp"
#include "harness/cli/command_line.hpp"
#include "harness/cli/format_flag.hpp"
#include "harness/cli/values.hpp"
#include "harness/gate/compare_reports.hpp"
#include "harness/report/check/check_report.hpp"
#include "harness/report/readers/between_runs_reader.hpp"
#include "harness/report/readers/tolerance_reader.hpp"
#include "harness/report/report_file.hpp"
#include "harness/report/tables/compare_text.hpp"

#include <fmt/format.h>

#include <array>
#include <string>

namespace kvduel::cli {
namespace {

struct CompareFlags {
    std::string base;
    std::string head;
    std::string control;
    std::string tolerances;
    std::string noise;
    report::Format format = report::Format::kTable;
};

std::vector<Flag> flags_into(CompareFlags& flags) {
    return {
        {"--control", "ID", "the contender that the others are measured by [one that is the same in both]",
         take_text([&](auto id) { flags.control = std::move(id); })},
        {"--tolerances", "FILE", "how much worse head may be [built in: harness/gate/tolerances.json]",
         take_text([&](auto path) { flags.tolerances = std::move(path); })},
        {"--between-runs", "FILE",
         "what runs of one build differ by [built in: harness/gate/between-runs.json]",
         take_text([&](auto path) { flags.noise = std::move(path); })},
        format_flag(flags.format),
    };
}

/// A sound report, or what is wrong with it.
Result<experiment::RunReport> read_sound(const std::string& path) {
    Result<experiment::RunReport> read = report::read_report(path);
    if (!read) return read;
    if (const Outcome sound = report::check_report(*read, path); !sound) return sound.error();
    return read;
}

Result<int> compare(const CompareFlags& flags) {
    const auto base = read_sound(flags.base);
    if (!base) return base.error();
    const auto head = read_sound(flags.head);
    if (!head) return head.error();
    const auto tolerances = report::load_tolerances(flags.tolerances);
    if (!tolerances) return tolerances.error();
    const auto noise = report::load_between_runs(flags.noise);
    if (!noise) return noise.error();
    const auto result = gate::compare_reports({*base, *head, flags.control, *tolerances, *noise});
    if (!result) return result.error();
    fmt::print("{}", report::render_compare(*result, flags.format));
    return gate::exit_code(result->verdict);
}

} // namespace

Result<int> compare_command(std::span<const std::string> arguments, std::span<const std::string>) {
    CompareFlags flags;
    const std::array<Positional, 2> files{
        {{"BASE", "the kvduel.report/1 file of the run before",
          take_text([&](auto path) { flags.base = std::move(path); })},
         {"HEAD", "and of the run after", take_text([&](auto path) { flags.head = std::move(path); })}}};
    const auto parsed = parse_command_line(
        "compare", "Compares two stored reports of one suite by ratios to a contender that stands in both.",
        files, flags_into(flags), arguments);
    if (!parsed) return parsed.error();
    if (*parsed == Parsed::kHelpShown) return 0;
    return compare(flags);
}

} // namespace kvduel::cli
