#include "harness/report/gate/gate_text.hpp"

#include "harness/report/tables/change_text.hpp"
#include "harness/report/tables/result_tables.hpp"
#include "harness/report/tables/verdict_text.hpp"
#include "harness/report/text/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kvduel::report {

using gate::GateRow;
using gate::GateVerdict;
using gate::RowWord;

namespace {

/// How much of its tolerance a row uses up: 1 is at the limit.
double badness(const GateRow& row) {
    if (!row.ratio) return 0;
    const double worse_by = row.is_higher_better ? -std::log(*row.ratio) : std::log(*row.ratio);
    return worse_by / gate::as_log(row.tolerance, row.is_higher_better);
}

std::string duration_text(double seconds) {
    const auto whole = static_cast<int>(std::lround(seconds));
    return whole < 60 ? fmt::format("{} s", whole) : fmt::format("{} min {:02} s", whole / 60, whole % 60);
}

std::string what_it_found(const GateView& view) {
    const auto& rows = view.result.rows;
    switch (view.result.verdict) {
    case GateVerdict::kPass:
        return fmt::format("none of {} endpoints is worse than its tolerance", rows.size());
    case GateVerdict::kRegression:
    case GateVerdict::kInconclusive:
    case GateVerdict::kInvalid: break;
    }
    return view.result.reasons.empty() ? "" : printable(view.result.reasons.front());
}

} // namespace

std::string scenario_name(const GateView& view, const GateRow& row) {
    const auto& scenarios = view.report.suite.scenarios;
    const auto scenario = std::ranges::find(scenarios, row.scenario, &experiment::Scenario::id);
    if (scenario == scenarios.end() || scenario->cells.size() < 2) return row.scenario;
    return fmt::format("{} ({})", row.scenario, cell_label(row.parameters));
}

std::string row_name(const GateView& view, const GateRow& row) {
    return fmt::format("{} {}: {}", row.server, scenario_name(view, row), short_name(row.metric));
}

std::string change_text(const GateRow& row) {
    return change_text(row.ratio, row.lower95, row.upper95);
}

std::string tolerance_text(const GateRow& row) {
    return tolerance_text(row.tolerance, row.is_higher_better);
}

SortedRows sorted_rows(const gate::GateResult& result) {
    SortedRows rows;
    for (const GateRow& row : result.rows)
        (row.word == RowWord::kNotWorse ? rows.rest : rows.first).push_back(&row);
    const auto order = [](const GateRow* a, const GateRow* b) {
        const bool is_a = a->word == RowWord::kRegression;
        const bool is_b = b->word == RowWord::kRegression;
        return is_a != is_b ? is_a : badness(*a) > badness(*b);
    };
    std::ranges::stable_sort(rows.first, order);
    return rows;
}

std::string headline(const GateView& view) {
    const std::size_t blocks = view.report.run.is_interrupted || view.result.looks.empty()
                                   ? view.report.suite.repetitions
                                   : view.result.looks.back().blocks;
    const std::string said =
        fmt::format("{}: {}", in_capitals(gate::word_of(view.result.verdict)), what_it_found(view));
    if (view.result.looks.empty() && view.report.trials.empty()) return said;
    return fmt::format("{} ({} blocks, {})", said, blocks, duration_text(view.result.seconds));
}

std::string gate_table(const GateView& view) {
    std::string text = headline(view) + "\n";
    for (std::size_t i = 1; i < view.result.reasons.size(); ++i)
        text += printable(view.result.reasons[i]) + "\n";
    TextTable table{{"endpoint", "head against base, 95 %", "allowed", "at worst", "p", "pairs", "verdict"},
                    {}};
    const SortedRows sorted = sorted_rows(view.result);
    for (const auto* rows : {&sorted.first, &sorted.rest})
        for (const GateRow* row : *rows)
            table.rows.push_back({printable(row_name(view, *row)), change_text(*row), tolerance_text(*row),
                                  row->at_worst ? change_percent(*row->at_worst) : "-",
                                  row->p ? fmt::format("{:.4f}", *row->p) : "-", std::to_string(row->n),
                                  std::string(gate::word_of(row->word))});
    if (!table.rows.empty())
        text += "\n" + render_aligned(table, "") +
                "at worst: the bound that must stay within what is allowed; p: of no endpoint being worse, "
                "over all of "
                "them\n";
    if (!view.work.empty()) text += "\n" + render_aligned(counts_table(view.work), "");
    for (const std::string& sentence : gate::disagreements(view.result, view.work))
        text += "the witnesses differ: " + printable(sentence) + "\n";
    for (const std::string& warning : view.result.warnings) text += "warning: " + printable(warning) + "\n";
    if (view.result.pairs_lost > 0)
        text += fmt::format("{} of {} pairs were lost to invalid trials\n", view.result.pairs_lost,
                            view.result.pairs_planned);
    for (const std::string& note : view.report.run.notes) text += "note: " + printable(note) + "\n";
    return text;
}

} // namespace kvduel::report
