#include "harness/cli/command.hpp"
#include "harness/cli/command_line.hpp"
#include "harness/cli/format_flag.hpp"
#include "harness/cli/values.hpp"
#include "harness/report/report_file.hpp"

#include <fmt/format.h>

#include <array>

namespace kvduel::cli {

Result<int> show_command(std::span<const std::string> arguments, std::span<const std::string>) {
    std::string path;
    report::Format format = report::Format::kTable;
    const Positional file{"REPORT", "a kvduel.report/1 file",
                          take_text([&](auto text) { path = std::move(text); })};
    const std::array flags{format_flag(format)};
    const auto parsed = parse_command_line("show", "Prints a report's tables again.", file, flags, arguments);
    if (!parsed) return parsed.error();
    if (*parsed == Parsed::kHelpShown) return 0;
    const auto read = report::read_report(path);
    if (!read) return read.error();
    fmt::print("{}", report::render_results(*read, format));
    return 0;
}

} // namespace kvduel::cli
