#include "harness/report/result_tables.hpp"

#include "harness/experiment/summarise.hpp"
#include "harness/report/capacity_lines.hpp"
#include "harness/report/findings.hpp"
#include "harness/report/report_fields.hpp"
#include "harness/report/search_tables.hpp"
#include "harness/report/text_table.hpp"
#include "harness/report/words.hpp"
#include "harness/report/write_archive.hpp"

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

/// The place of a cell in the suite: trials are made in an order of their own.
std::pair<std::size_t, std::size_t> place_in_suite(const RunReport& report, const CellResults& results) {
    const auto& scenarios = report.suite.scenarios;
    const auto scenario = std::ranges::find(scenarios, results.scenario, &experiment::Scenario::id);
    if (scenario == scenarios.end()) return {scenarios.size(), 0};
    const auto cell = std::ranges::find(scenario->cells, results.parameters);
    return {static_cast<std::size_t>(scenario - scenarios.begin()),
            static_cast<std::size_t>(cell - scenario->cells.begin())};
}

void sort_as_in_suite(const RunReport& report, std::vector<CellResults>& cells) {
    std::ranges::stable_sort(cells, {},
                             [&](const CellResults& cell) { return place_in_suite(report, cell); });
    const auto rank = [&](const ResultRow& row) {
        return std::ranges::find(report.contenders, row.contender, &experiment::Contender::id) -
               report.contenders.begin();
    };
    for (CellResults& cell : cells) std::ranges::stable_sort(cell.rows, {}, rank);
}

void add_sentences(const RunReport& report, std::vector<CellResults>& cells) {
    for (const experiment::Lead& lead : experiment::leads(report.trials))
        for (CellResults& cell : cells)
            if (cell.scenario == lead.scenario && cell.parameters == lead.parameters)
                cell.sentences.push_back(experiment::sentence(lead));
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
    return text;
}

std::string as_tables(const RunReport& report) {
    std::string text = headline(report) + "\n" + invalid_banner(report, "");
    for (const std::string& line : capacity_lines(report)) text += line + "\n";
    bool has_split = false;
    for (const CellResults& cell : cell_results(report)) {
        text += fmt::format("\n{}   {}\n", cell.scenario, cell_label(cell.parameters));
        text += render_aligned(table_of(cell, ""), "  ");
        for (const std::string& sentence : cell.sentences) text += fmt::format("  {}\n", sentence);
        if (!cell.theory.empty()) text += render_aligned(theory_table(cell.theory, ""), "  ");
        if (cell.splits.empty()) continue;
        has_split = true;
        text += render_aligned(split_table(cell.splits, ""), "  ");
    }
    text += search_tables(report, false);
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
        for (const std::string& sentence : cell.sentences) text += fmt::format("\n{}\n", sentence);
        if (!cell.theory.empty()) text += "\n" + render_markdown(theory_table(cell.theory, "contender"));
        if (cell.splits.empty()) continue;
        has_split = true;
        text += "\n" + render_markdown(split_table(cell.splits, "contender"));
    }
    text += search_tables(report, true);
    if (has_split) text += fmt::format("\n- {}", kSplitNote);
    for (const std::string& line : finding_lines(report)) text += fmt::format("\n- {}", line);
    return text.ends_with('\n') ? text : text + "\n";
}

/// Names of the metrics as titles and figures with all their digits: for programs.
std::string as_csv(const RunReport& report) {
    TextTable table{{"scenario", "parameters", "connections", "contender"}, {}};
    for (const TableColumn& column : kTableColumns) table.titles.emplace_back(column.metric);
    table.titles.insert(table.titles.end(), {"valid", "trials", "invalid_codes"});
    for (const CellResults& cell : cell_results(report)) {
        for (const ResultRow& row : cell.rows) {
            std::vector<std::string> cells{cell.scenario, cell_label(cell.parameters),
                                           std::to_string(cell.parameters.connections), row.contender};
            for (std::size_t i = 0; i < row.figures.size(); ++i)
                cells.push_back(row.figures[i] ? fmt::format("{}", *row.figures[i] * kTableColumns[i].divisor)
                                               : "");
            cells.push_back(std::to_string(row.valid));
            cells.push_back(std::to_string(row.trials));
            cells.push_back(codes_text(row));
            table.rows.push_back(std::move(cells));
        }
    }
    return render_csv(table);
}

WriteArchive::Tree row_tree(const ResultRow& row) {
    WriteArchive::Tree tree{{"contender", row.contender}};
    for (std::size_t i = 0; i < row.figures.size(); ++i)
        tree[std::string(kTableColumns[i].metric)] =
            row.figures[i] ? WriteArchive::Tree(*row.figures[i] * kTableColumns[i].divisor)
                           : WriteArchive::Tree();
    tree["valid"] = row.valid;
    tree["trials"] = row.trials;
    tree["invalid_codes"] = row.invalid_codes;
    return tree;
}

WriteArchive::Tree split_tree(const SplitRow& row) {
    WriteArchive split;
    fields(split, row.split);
    return {{"contender", row.contender},
            {"trials", row.trials},
            {"latency_mean_us", row.mean_us},
            {"latency_split_us", split.take()}};
}

WriteArchive::Tree theory_tree(const TheoryRow& row) {
    using Tree = WriteArchive::Tree;
    const auto number = [](std::optional<double> figure) { return figure ? Tree(*figure) : Tree(); };
    return {{"contender", row.contender},           {"metric", row.metric},
            {"measured", number(row.measured)},     {"expected", row.expected},
            {"deviation", number(row.deviation())}, {"formula", row.formula}};
}

/// Every number that the tables and sentences show.
std::string as_json(const RunReport& report) {
    using Tree = WriteArchive::Tree;
    Tree tree{{"run", report.run.id},
              {"seed", std::to_string(report.run.seed)},
              {"interrupted", report.run.is_interrupted},
              {"capacities", Tree::array()},
              {"searches", Tree::array()},
              {"cells", Tree::array()},
              {"leads", Tree::array()},
              {"invalid", invalid_lines(report)},
              {"findings", finding_lines(report)}};
    for (const experiment::Capacity& capacity : report.capacities) {
        WriteArchive one;
        fields(one, capacity);
        tree["capacities"].push_back(one.take());
    }
    for (const experiment::SearchResult& search : report.searches) {
        WriteArchive one;
        fields(one, search);
        tree["searches"].push_back(one.take());
    }
    for (const CellResults& cell : cell_results(report)) {
        WriteArchive parameters;
        fields(parameters, cell.parameters);
        Tree rows = Tree::array();
        for (const ResultRow& row : cell.rows) rows.push_back(row_tree(row));
        Tree splits = Tree::array();
        for (const SplitRow& row : cell.splits) splits.push_back(split_tree(row));
        Tree theory = Tree::array();
        for (const TheoryRow& row : cell.theory) theory.push_back(theory_tree(row));
        tree["cells"].push_back({{"scenario", cell.scenario},
                                 {"parameters", parameters.take()},
                                 {"contenders", rows},
                                 {"splits", splits},
                                 {"theory", theory}});
    }
    for (const experiment::Lead& lead : experiment::leads(report.trials)) {
        const auto number = [](std::optional<double> ratio) { return ratio ? Tree(*ratio) : Tree(); };
        WriteArchive parameters;
        fields(parameters, lead.parameters);
        tree["leads"].push_back({{"scenario", lead.scenario},
                                 {"parameters", parameters.take()},
                                 {"ahead", lead.ahead},
                                 {"behind", lead.behind},
                                 {"blocks", lead.blocks},
                                 {"blocks_ahead", lead.blocks_ahead},
                                 {"median_rps_ratio", number(lead.median_ratio)},
                                 {"min_rps_ratio", number(lead.min_ratio)},
                                 {"max_rps_ratio", number(lead.max_ratio)}});
    }
    return tree.dump(2, ' ', false, Tree::error_handler_t::replace) + "\n";
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
    add_sentences(report, cells);
    return cells;
}

std::string cell_label(const Parameters& parameters) {
    std::string label = fmt::format("{} loop", word_for(parameters.loop, kLoopWords));
    if (parameters.rate_per_s)
        label += fmt::format(", {} arrivals, {} requests/s", word_for(parameters.arrivals, kArrivalsWords),
                             figure_text(*parameters.rate_per_s));
    if (parameters.search)
        label += fmt::format(", {} arrivals, P99 under {} us, at most {} % lost",
                             word_for(parameters.arrivals, kArrivalsWords),
                             figure_text(parameters.search->p99_us), 100 * parameters.search->error_ratio);
    if (parameters.load_fraction) label += fmt::format(" ({}x capacity)", *parameters.load_fraction);
    label += fmt::format(", {} connection{}", parameters.connections, parameters.connections == 1 ? "" : "s");
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
        label += fmt::format("{}{} {}", lead, name, printable(value));
        lead = ", ";
    }
    return label;
}

std::string render_results(const RunReport& report, Format format) {
    switch (format) {
    case Format::kTable: return as_tables(report);
    case Format::kMarkdown: return as_markdown(report);
    case Format::kCsv: return as_csv(report);
    case Format::kJson: return as_json(report);
    }
    return "";
}

} // namespace kvduel::report
