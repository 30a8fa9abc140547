#include "harness/report/tables/findings.hpp"

#include "harness/experiment/judge/compare.hpp"
#include "harness/experiment/judge/repeated_blocks.hpp"
#include "harness/experiment/record/cell_trials.hpp"
#include "harness/experiment/trial/checks.hpp"
#include "harness/report/tables/result_tables.hpp"
#include "harness/report/text/printable.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

namespace kvduel::report {
namespace {

using experiment::TrialRecord;

constexpr std::array<std::pair<std::string_view, std::string_view>, 21> kAdvice{{
    {"server_not_started", "try its command by hand"},
    {"server_died", "its last lines, if it was started here, are in the report: stderr_tail"},
    {"server_unreachable", "look at its address and limits"},
    {"preload_failed", "look at its limits on values and memory"},
    {"conservation_violated", "the generator is at fault: please report it"},
    {"littles_law_violated", "the generator is at fault: please report it"},
    {"server_count_mismatch", "do others use this server?"},
    {"background_short", "look at the server's limits on connections and idle time, and at ulimit -n"},
    {"malformed_accepted",
     "the server takes requests that no server may take: its answers are in the report"},
    {"generator_saturated", "widen --load-cpus"},
    {"send_late", "give the load CPUs of its own, or lower the rate"},
    {"offered_rate_missed", "it measures a queue that grows; lower the rate"},
    {"connections_exhausted", "latency holds the wait for a connection; more connections would not wait"},
    {"verification_failed", "the server answers wrong values"},
    {"errors_high", "first_error in the report says which came first"},
    {"window_short", "let it run to its end"},
    {"noisy_machine", "stop other programs or move to a quieter machine"},
    {"shared_cpus", "keep them apart: --server-cpus and --load-cpus, taskset for a server of your own"},
    {"too_few_samples", "lengthen it: --duration"},
    {"not_steady", "lengthen the warm-up or the window"},
    {"order_effect", "a trial leaves something behind for the next: lengthen the warm-up"},
}};

bool is_of_kind(std::string_view code, experiment::CheckKind kind) {
    const auto table = experiment::checks();
    const auto row = std::ranges::find(table, code, &experiment::Check::code);
    return row != table.end() && row->kind == kind;
}

bool is_invalid(const TrialRecord& trial) {
    return trial.verdict == experiment::Verdict::kInvalid;
}

std::string finding(const experiment::Warning& warning) {
    std::string text = fmt::format("{}: {}", printable(warning.code), printable(warning.message));
    if (!advice(warning.code).empty()) text += fmt::format("; {}", advice(warning.code));
    return text;
}

struct CodeCount {
    const experiment::Warning* first;
    unsigned trials;
    const TrialRecord* last; ///< counted; a trial may bear a code more than once
};

/// Codes of valid trials, in the order they first appear.
std::vector<CodeCount> count_codes(const experiment::RunReport& report) {
    std::vector<CodeCount> counts;
    for (const TrialRecord& trial : report.trials) {
        if (is_invalid(trial)) continue;
        for (const experiment::Warning& warning : trial.warnings) {
            const auto known = std::ranges::find_if(
                counts, [&](const CodeCount& count) { return count.first->code == warning.code; });
            if (known == counts.end()) {
                counts.push_back({&warning, 1, &trial});
            } else if (known->last != &trial) {
                ++known->trials;
                known->last = &trial;
            }
        }
    }
    return counts;
}

/// Cells whose blocks may have been selected by what their trials came to; none: no line.
void add_repeats(const experiment::RunReport& report, std::vector<std::string>& lines) {
    const auto cells = experiment::repeated_blocks(report.trials);
    if (cells.empty()) return;
    const experiment::RepeatedBlocks& first = cells.front();
    std::vector<std::string> sides;
    for (const auto& [contender, blocks] : first.by_contender)
        sides.push_back(fmt::format("{} in {}", printable(contender), blocks));
    lines.push_back(fmt::format("warning in {} of {} cells: stands_by_repeats: {} {}: {} of {} blocks stand "
                                "by another run than their first, which was "
                                "invalid by a check that looks at results ({}); where one contender has many "
                                "more of them, its ratio may lean",
                                cells.size(), experiment::by_cell(report.trials).size(),
                                printable(first.example->scenario),
                                printable(cell_label(first.example->parameters)), first.repeated,
                                first.blocks, fmt::join(sides, ", ")));
}

} // namespace

std::string_view advice(std::string_view code) {
    const auto row = std::ranges::find(kAdvice, code, &std::pair<std::string_view, std::string_view>::first);
    return row == kAdvice.end() ? std::string_view{} : row->second;
}

std::vector<std::string> invalid_codes(const TrialRecord& trial) {
    std::vector<std::string> codes;
    if (!is_invalid(trial)) return codes;
    for (const experiment::Warning& warning : trial.warnings)
        if (!is_of_kind(warning.code, experiment::CheckKind::kWarning)) codes.push_back(warning.code);
    return codes;
}

std::string invalid_line(const TrialRecord& trial) {
    std::string line = fmt::format("{}/{} block {}: invalid", trial.scenario, trial.contender, trial.block);
    for (const experiment::Warning& warning : trial.warnings)
        if (!is_of_kind(warning.code, experiment::CheckKind::kWarning))
            line += fmt::format(": {}", finding(warning));
    return line;
}

std::vector<std::string> invalid_lines(const experiment::RunReport& report) {
    std::vector<std::string> lines;
    for (const TrialRecord& trial : report.trials)
        if (is_invalid(trial)) lines.push_back(invalid_line(trial));
    return lines;
}

std::vector<std::string> finding_lines(const experiment::RunReport& report) {
    std::vector<std::string> lines;
    for (const std::string& note : report.run.notes) lines.push_back("note: " + printable(note));
    for (const CodeCount& count : count_codes(report))
        lines.push_back(fmt::format("warning in {} of {} trials: {}", count.trials, report.trials.size(),
                                    finding(*count.first)));
    const std::vector<experiment::Comparison> comparisons = experiment::comparisons_of(report);
    const auto has_warning = [](const auto& comparison) { return !comparison.warnings.empty(); };
    const auto first = std::ranges::find_if(comparisons, has_warning);
    if (first != comparisons.end())
        lines.push_back(fmt::format("warning in {} of {} comparisons: {} {}: {}",
                                    std::ranges::count_if(comparisons, has_warning), comparisons.size(),
                                    first->scenario, first->metric, finding(first->warnings.front())));
    add_repeats(report, lines);
    return lines;
}

} // namespace kvduel::report
