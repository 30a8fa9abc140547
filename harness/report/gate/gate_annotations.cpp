#include "harness/report/gate/gate_text.hpp"

#include "harness/report/text/printable.hpp"

#include <fmt/format.h>

namespace kvduel::report {

namespace {

/// As the message of a workflow command.
std::string command_escaped(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        if (c == '%')
            safe += "%25";
        else if (c == '\r')
            safe += "%0D";
        else if (c == '\n')
            safe += "%0A";
        else
            safe += c;
    }
    return safe;
}

std::string line_of(const GateView& view, const gate::GateRow& row) {
    return fmt::format("{}: {}, allowed {} ({})", row_name(view, row), change_text(row), tolerance_text(row),
                       gate::word_of(row.word));
}

} // namespace

std::string gate_annotations(const GateView& view) {
    if (view.result.verdict == gate::GateVerdict::kPass) return "";
    const SortedRows rows = sorted_rows(view.result);
    std::string text;
    std::size_t told = 0;
    const bool is_regression = view.result.verdict == gate::GateVerdict::kRegression && !rows.first.empty();
    if (is_regression) {
        text += fmt::format("::error title=kvduel gate::{}\n",
                            command_escaped(line_of(view, *rows.first.front())));
        told = 1;
    }
    std::string rest = is_regression ? "" : headline(view);
    for (std::size_t i = told; i < rows.first.size(); ++i)
        rest += fmt::format("{}{}", rest.empty() ? "" : "\n", line_of(view, *rows.first[i]));
    for (const std::string& warning : view.result.warnings)
        rest += fmt::format("{}{}", rest.empty() ? "" : "\n", printable(warning));
    if (rest.empty()) return text;
    const bool is_invalid = view.result.verdict == gate::GateVerdict::kInvalid;
    return text + fmt::format("::{} title=kvduel gate::{}\n", is_invalid ? "error" : "warning",
                              command_escaped(rest));
}

} // namespace kvduel::report
