#include "harness/report/tables/result_tables.hpp"

#include "harness/experiment/judge/axis_line.hpp"
#include "harness/experiment/judge/compare.hpp"
#include "harness/experiment/judge/crossing.hpp"
#include "harness/experiment/judge/lost_pairs.hpp"
#include "harness/experiment/judge/margins.hpp"
#include "harness/experiment/judge/summarise.hpp"
#include "harness/experiment/text/number_text.hpp"
#include "harness/report/json/words.hpp"
#include "harness/report/tables/capacity_lines.hpp"
#include "harness/report/tables/crossing_table.hpp"
#include "harness/report/tables/findings.hpp"
#include "harness/report/tables/result_csv.hpp"
#include "harness/report/tables/result_json.hpp"
#include "harness/report/tables/search_tables.hpp"
#include "harness/report/tables/verdict_table.hpp"
#include "harness/report/tables/verdict_text.hpp"
#include "harness/report/text/printable.hpp"
#include "harness/report/text/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kvduel::report {
namespace {

using experiment::Parameters;
using experiment::RunReport;

ResultRow make_row(const RunReport& report, const experiment::SummaryRow& first) {
    ResultRow row;
    row.contender = first.contender;
    for (const experiment::SummaryRow& figure : report.summary) {
        if (figure.scenario != first.scenario || figure.contender != first.contender ||
            figure.parameters != first.parameters)
            continue;
        for (std::size_t i = 0; i < kTableColumns.size(); ++i)
            if (kTableColumns[i].metric == figure.metric && figure.median)
                row.figures[i] = *figure.median / kTableColumns[i].divisor;
    }
    for (const experiment::TrialRecord& trial : report.trials) {
        if (trial.scenario != first.scenario || trial.contender != first.contender ||
            trial.parameters != first.parameters)
            continue;
        ++row.trials;
        if (trial.verdict == experiment::Verdict::kValid) ++row.valid;
        for (const std::string& code : invalid_codes(trial))
            if (std::ranges::find(row.invalid_codes, code) == row.invalid_codes.end())
                row.invalid_codes.push_back(code);
    }
    return row;
}

/// Cells have an order in the suite; trials are made in an order of their own.
class SuiteOrder {
public:
    explicit SuiteOrder(const RunReport& report) : scenarios_(report.suite.scenarios) {
        for (const experiment::Scenario& scenario : scenarios_)
            cells_.push_back(experiment::cells_in_order(scenario));
    }

    std::pair<std::size_t, std::size_t> place_of(const CellResults& results) const {
        const auto scenario = std::ranges::find(scenarios_, results.scenario, &experiment::Scenario::id);
        const auto number = static_cast<std::size_t>(scenario - scenarios_.begin());
        if (scenario == scenarios_.end()) return {number, 0};
        const auto cell = std::ranges::find_if(
            cells_[number], [&](std::size_t place) { return scenario->cells[place] == results.parameters; });
        return {number, static_cast<std::size_t>(cell - cells_[number].begin())};
    }

private:
    const std::vector<experiment::Scenario>& scenarios_;
    std::vector<std::vector<std::size_t>> cells_;
};

void sort_as_in_suite(const RunReport& report, std::vector<CellResults>& cells) {
    const SuiteOrder order(report);
    std::ranges::stable_sort(cells, {}, [&](const CellResults& cell) { return order.place_of(cell); });
    const auto rank = [&](const ResultRow& row) {
        return std::ranges::find(report.contenders, row.contender, &experiment::Contender::id) -
               report.contenders.begin();
    };
    for (CellResults& cell : cells) std::ranges::stable_sort(cell.rows, {}, rank);
}

/// By the metric that the cell is about; the others stand in the overview.
void add_verdicts(const std::vector<experiment::Comparison>& comparisons, std::vector<CellResults>& cells) {
    for (const experiment::Comparison& comparison : comparisons)
        for (CellResults& cell : cells)
            if (cell.scenario == comparison.scenario && cell.parameters == comparison.parameters &&
                comparison.metric == experiment::main_metric(cell.parameters))
                cell.verdicts.push_back(verdict_lines(comparison));
}

bool is_shown(const TableColumn& column, const Parameters& parameters) {
    return !column.is_of_open_loop || parameters.loop == experiment::Loop::kOpen;
}

bool has_invalid(const CellResults& cell) {
    return std::ranges::any_of(cell.rows, [](const ResultRow& row) { return row.valid < row.trials; });
}

/// The codes of a row's invalid trials, for people and programs; printable, as a report may be a stranger's.
std::string codes_text(const ResultRow& row) {
    return printable(fmt::format("{}", fmt::join(row.invalid_codes, " ")));
}

/// With a column for the codes only where a trial is invalid.
TextTable table_of(const CellResults& cell, std::string_view first_title) {
    TextTable table{{std::string(first_title)}, {}};
    for (const TableColumn& column : kTableColumns)
        if (is_shown(column, cell.parameters)) table.titles.emplace_back(column.title);
    table.titles.emplace_back("valid");
    if (has_invalid(cell)) table.titles.emplace_back("invalid");
    for (const ResultRow& row : cell.rows) {
        std::vector<std::string> cells{row.contender};
        for (std::size_t i = 0; i < row.figures.size(); ++i)
            if (is_shown(kTableColumns[i], cell.parameters))
                cells.push_back(row.figures[i] ? figure_text(*row.figures[i]) : "-");
        cells.push_back(fmt::format("{}/{}", row.valid, row.trials));
        if (has_invalid(cell)) cells.push_back(row.valid < row.trials ? codes_text(row) : "-");
        table.rows.push_back(std::move(cells));
    }
    return table;
}

std::string headline(const RunReport& report) {
    std::string text =
        fmt::format("{} · {} contender{} · {} repetition{} · seed {}", report.suite.id,
                    report.contenders.size(), report.contenders.size() == 1 ? "" : "s",
                    report.suite.repetitions, report.suite.repetitions == 1 ? "" : "s", report.run.seed);
    if (!report.environment.server_cpus.empty() && !report.environment.load_cpus.empty())
        text += fmt::format(" · server cpu {}, load cpu {}", fmt::join(report.environment.server_cpus, ","),
                            fmt::join(report.environment.load_cpus, ","));
    if (report.run.is_interrupted)
        text += fmt::format(" · interrupted after {} of {} trials", experiment::trials_done(report.trials),
                            report.run.trials_planned);
    return text;
}

/// Before all figures: what is in none of them.
std::string invalid_banner(const RunReport& report, std::string_view bullet) {
    const std::vector<std::string> lines = invalid_lines(report);
    if (lines.empty()) return "";
    std::string text = fmt::format("\nINVALID: {} of {} trials, which enter no figure below\n", lines.size(),
                                   report.trials.size());
    for (const std::string& line : lines) text += fmt::format("{}{}\n", bullet, line);
    if (report.run.finished_at.empty() || report.run.is_interrupted) return text;
    const experiment::LostPairs pairs = experiment::lost_pairs(report);
    text += fmt::format("{}lost, after all repeats: {} of {} pairs ({}); over {} makes a run invalid\n",
                        bullet, pairs.lost, pairs.planned, experiment::percent_text(pairs.share()),
                        experiment::percent_text(experiment::LostPairs::kMost));
    if (!pairs.unmeasured.empty())
        text += fmt::format("{}without a single valid pair, which makes it invalid: {}\n", bullet,
                            printable(fmt::format("{}", fmt::join(pairs.unmeasured, ", "))));
    return text;
}

std::string printable_lines(const std::vector<std::string>& lines, std::string_view between) {
    std::string text;
    for (const std::string& line : lines)
        text += fmt::format("{}{}", text.empty() ? "" : between, printable(line));
    return text;
}

std::string as_tables(const RunReport& report) {
    std::string text = headline(report) + "\n" + invalid_banner(report, "");
    for (const std::string& line : capacity_lines(report)) text += line + "\n";
    bool has_split = false;
    for (const CellResults& cell : cell_results(report)) {
        text += fmt::format("\n{}   {}\n", cell.scenario, cell_label(cell.parameters));
        text += render_aligned(table_of(cell, ""), "  ");
        for (const auto& lines : cell.verdicts)
            text += fmt::format("  {}\n", printable_lines(lines, "\n    "));
        if (!cell.theory.empty()) text += render_aligned(theory_table(cell.theory, ""), "  ");
        if (cell.splits.empty()) continue;
        has_split = true;
        text += render_aligned(split_table(cell.splits, ""), "  ");
    }
    text += search_tables(report, false);
    const std::vector<VerdictOverview> overviews =
        verdict_overviews(report, experiment::comparisons_of(report));
    for (const VerdictOverview& overview : overviews)
        text += fmt::format("\n{}  {}\n", render_aligned(overview.table, ""), overview.summary);
    const std::vector<std::string> boundaries = crossing_lines(experiment::crossings_of(report));
    if (!boundaries.empty()) text += fmt::format("\n{}\n", fmt::join(boundaries, "\n"));
    if (!overviews.empty()) text += fmt::format("\n{}", overview_note());
    if (has_split) text += fmt::format("\n{}", kSplitNote);
    for (const std::string& line : finding_lines(report)) text += "\n" + line;
    return text.ends_with('\n') ? text : text + "\n";
}

std::string as_markdown(const RunReport& report) {
    std::string text = headline(report) + "\n" + invalid_banner(report, "\n- ");
    for (const std::string& line : capacity_lines(report)) text += fmt::format("\n- {}\n", line);
    bool has_split = false;
    for (const CellResults& cell : cell_results(report)) {
        text += fmt::format("\n**{}**: {}\n\n{}", cell.scenario, cell_label(cell.parameters),
                            render_markdown(table_of(cell, "contender")));
        for (const auto& lines : cell.verdicts) text += fmt::format("\n{}\n", printable_lines(lines, "; "));
        if (!cell.theory.empty()) text += "\n" + render_markdown(theory_table(cell.theory, "contender"));
        if (cell.splits.empty()) continue;
        has_split = true;
        text += "\n" + render_markdown(split_table(cell.splits, "contender"));
    }
    text += search_tables(report, true);
    const auto comparisons = experiment::comparisons_of(report);
    for (const VerdictOverview& overview : verdict_overviews(report, comparisons))
        text += fmt::format("\n**Verdicts**: {}\n", overview.summary);
    if (!comparisons.empty())
        text += fmt::format("\n{}\n- {}", render_markdown(verdict_details(comparisons)), overview_note());
    const auto crossings = experiment::crossings_of(report);
    if (!crossings.empty()) text += fmt::format("\n\n{}", render_markdown(crossing_table(crossings)));
    if (has_split) text += fmt::format("\n- {}", kSplitNote);
    for (const std::string& line : finding_lines(report)) text += fmt::format("\n- {}", line);
    return text.ends_with('\n') ? text : text + "\n";
}

} // namespace

std::vector<CellResults> cell_results(const RunReport& report) {
    std::vector<CellResults> cells;
    for (const experiment::SummaryRow& row : report.summary) {
        auto cell = std::ranges::find_if(cells, [&](const CellResults& known) {
            return known.scenario == row.scenario && known.parameters == row.parameters;
        });
        if (cell == cells.end())
            cell = cells.insert(cells.end(), CellResults{row.scenario, row.parameters, {}, {}, {}, {}});
        if (std::ranges::find(cell->rows, row.contender, &ResultRow::contender) == cell->rows.end())
            cell->rows.push_back(make_row(report, row));
    }
    sort_as_in_suite(report, cells);
    for (CellResults& cell : cells) {
        std::vector<std::string> contenders;
        for (const ResultRow& row : cell.rows) contenders.push_back(row.contender);
        cell.theory = theory_rows(report, cell.scenario, cell.parameters);
        cell.splits = split_rows(report, cell.scenario, cell.parameters, contenders);
    }
    add_verdicts(experiment::comparisons_of(report), cells);
    return cells;
}

std::string cell_label(const Parameters& parameters, std::optional<experiment::Axis> without) {
    std::string label = fmt::format("{} loop", word_for(parameters.loop, kLoopWords));
    if (parameters.rate_per_s)
        label += fmt::format(", {} arrivals, {} requests/s", word_for(parameters.arrivals, kArrivalsWords),
                             figure_text(*parameters.rate_per_s));
    if (parameters.search)
        label += fmt::format(", {} arrivals, P99 under {} us, at most {} % lost",
                             word_for(parameters.arrivals, kArrivalsWords),
                             figure_text(parameters.search->p99_us), 100 * parameters.search->error_ratio);
    if (parameters.load_fraction) label += fmt::format(" ({}x capacity)", *parameters.load_fraction);
    if (without != experiment::Axis::kConnections)
        label +=
            fmt::format(", {} connection{}", parameters.connections, parameters.connections == 1 ? "" : "s");
    if (parameters.requests_per_connection > 0)
        label += fmt::format(", {} request{} a connection", parameters.requests_per_connection,
                             parameters.requests_per_connection == 1 ? "" : "s");
    if (parameters.workload.value_bytes != workload::Workload{}.value_bytes)
        label += fmt::format(", values of {} B", parameters.workload.value_bytes);
    if (parameters.pipeline > 1) label += fmt::format(", pipeline {}", parameters.pipeline);
    std::string_view beside = ", beside ";
    for (const load::Background& one : parameters.background) {
        label += fmt::format("{}{} {}", beside, one.connections, load::word_of(one.kind));
        beside = " and ";
    }
    std::string_view lead = ", server ";
    for (const auto& [name, value] : parameters.server) {
        if (without == experiment::Axis::kWorkWaitUs && name == "work_wait_us") continue;
        label += fmt::format("{}{} {}", lead, name, printable(value));
        lead = ", ";
    }
    return label;
}

std::string render_results(const RunReport& report, Format format) {
    switch (format) {
    case Format::kTable: return as_tables(report);
    case Format::kMarkdown: return as_markdown(report);
    case Format::kCsv: return csv_of(report);
    case Format::kJson: return json_of(report);
    }
    return "";
}

} // namespace kvduel::report
