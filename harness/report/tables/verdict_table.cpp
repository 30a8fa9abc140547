#include "harness/report/tables/verdict_table.hpp"

#include "harness/experiment/judge/axis_line.hpp"
#include "harness/experiment/judge/margins.hpp"
#include "harness/experiment/text/number_text.hpp"
#include "harness/report/tables/result_tables.hpp"
#include "harness/report/tables/verdict_text.hpp"
#include "harness/report/text/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace kvduel::report {
namespace {

using experiment::Comparison;
using experiment::ComparisonVerdict;
using experiment::RunReport;

bool is_of_cell(const Comparison& comparison, const std::string& scenario,
                const experiment::Parameters& parameters) {
    return comparison.scenario == scenario && comparison.parameters == parameters;
}

/// "async 1.08x", "equivalent", "undecided (24)".
std::string overview_cell(const Comparison& comparison) {
    std::string text = verdict_word(comparison);
    const bool is_undecided = comparison.verdict == ComparisonVerdict::kUndecided;
    if (is_undecided && comparison.blocks_needed) text += fmt::format(" ({})", *comparison.blocks_needed);
    if (is_undecided || comparison.verdict == ComparisonVerdict::kEquivalent) return text;
    return text + fmt::format(" {:.2f}x", shown_ratio(comparison)->ratio);
}

/// The comparisons of two contenders.
struct PairOfContenders {
    std::string first;
    std::string second;
    std::vector<const Comparison*> comparisons;
};

std::vector<PairOfContenders> by_contenders(const std::vector<Comparison>& comparisons) {
    std::vector<PairOfContenders> pairs;
    for (const Comparison& comparison : comparisons) {
        auto pair = std::ranges::find_if(pairs, [&](const PairOfContenders& known) {
            return known.first == comparison.first && known.second == comparison.second;
        });
        if (pair == pairs.end()) pair = pairs.insert(pairs.end(), {comparison.first, comparison.second, {}});
        pair->comparisons.push_back(&comparison);
    }
    return pairs;
}

std::string count_words(const PairOfContenders& pair) {
    std::map<std::string, unsigned> counts;
    for (const Comparison* comparison : pair.comparisons) ++counts[verdict_word(*comparison)];
    return fmt::format("{} wins {}, {} wins {}, equivalent {}, undecided {}", pair.first, counts[pair.first],
                       pair.second, counts[pair.second], counts["equivalent"], counts["undecided"]);
}

TextTable overview_table(const RunReport& report, const PairOfContenders& pair) {
    TextTable table{{fmt::format("verdicts: {} against {}", pair.second, pair.first)}, {}};
    for (const experiment::Margin& margin : experiment::margins())
        table.titles.emplace_back(short_name(margin.metric));
    table.titles.emplace_back("blocks");
    for (const experiment::Scenario& scenario : report.suite.scenarios)
        for (const std::size_t place : experiment::cells_in_order(scenario)) {
            const experiment::Parameters& cell = scenario.cells[place];
            std::vector<std::string> row{fmt::format("{}: {}", scenario.id, cell_label(cell))};
            row.resize(table.titles.size(), "-");
            unsigned blocks = 0;
            bool is_compared = false;
            for (const Comparison* comparison : pair.comparisons) {
                if (!is_of_cell(*comparison, scenario.id, cell)) continue;
                is_compared = true;
                blocks = std::max(blocks, comparison->n);
                const auto column = std::ranges::find(table.titles, short_name(comparison->metric));
                if (column != table.titles.end())
                    row[static_cast<std::size_t>(column - table.titles.begin())] = overview_cell(*comparison);
            }
            row.back() = std::to_string(blocks);
            if (is_compared) table.rows.push_back(std::move(row));
        }
    return table;
}

std::string number_or(const std::optional<double>& number, std::string_view none) {
    return number ? experiment::rounded_text(*number, 3) : std::string(none);
}

} // namespace

std::vector<VerdictOverview> verdict_overviews(const RunReport& report,
                                               const std::vector<Comparison>& comparisons) {
    std::vector<VerdictOverview> overviews;
    for (const PairOfContenders& pair : by_contenders(comparisons))
        overviews.push_back({count_words(pair), overview_table(report, pair)});
    return overviews;
}

std::string overview_note() {
    std::string margins;
    for (const experiment::Margin& margin : experiment::margins())
        margins += fmt::format("{}{} {}", margins.empty() ? "" : ", ", short_name(margin.metric),
                               experiment::percent_text(margin.margin));
    return fmt::format("a win: p at most 0.05 over all verdicts on the two together, and at least the margin "
                       "({}); equivalent: the 90 % interval lies within the margin; (N): blocks that would "
                       "decide; brackets: 95 % interval",
                       margins);
}

TextTable verdict_details(const std::vector<Comparison>& comparisons) {
    TextTable table{{"scenario", "parameters", "metric", "second / first", "ratio", "95 %", "blocks", "p",
                     "verdict", "with it"},
                    {}};
    for (const Comparison& comparison : comparisons) {
        const std::string interval = comparison.lower95
                                         ? fmt::format("{} to {}", number_or(comparison.lower95, ""),
                                                       number_or(comparison.upper95, ""))
                                         : "-";
        std::string verdict = verdict_word(comparison);
        if (comparison.blocks_needed) verdict += fmt::format(" ({})", *comparison.blocks_needed);
        table.rows.push_back(
            {comparison.scenario, cell_label(comparison.parameters),
             std::string(short_name(comparison.metric)),
             fmt::format("{} / {}", comparison.second, comparison.first),
             number_or(comparison.ratio_second_over_first, "-"), interval, std::to_string(comparison.n),
             comparison.p_adjusted ? experiment::probability_text(*comparison.p_adjusted) : "-", verdict,
             comparison.reasons.empty() ? "-"
                                        : printable(fmt::format("{}", fmt::join(comparison.reasons, "; ")))});
    }
    return table;
}

std::vector<std::string> comparison_titles() {
    std::vector<std::string> titles{"compared_with"};
    for (const experiment::Margin& margin : experiment::margins())
        for (const char* figure : {"ratio", "lower95", "upper95", "verdict"})
            titles.push_back(fmt::format("{}_{}", margin.metric, figure));
    return titles;
}

std::vector<std::string> comparison_cells(const std::vector<Comparison>& comparisons, const std::string& base,
                                          const std::string& scenario,
                                          const experiment::Parameters& parameters,
                                          const std::string& contender) {
    const bool is_base = contender == base;
    std::vector<std::string> cells{is_base ? "" : base};
    const auto digits = [](std::optional<double> figure) { return figure ? fmt::format("{}", *figure) : ""; };
    for (const experiment::Margin& margin : experiment::margins()) {
        const auto found = std::ranges::find_if(comparisons, [&](const Comparison& one) {
            return one.metric == margin.metric && one.first == base && one.second == contender &&
                   is_of_cell(one, scenario, parameters);
        });
        if (is_base || found == comparisons.end())
            cells.insert(cells.end(), 4, "");
        else
            cells.insert(cells.end(), {digits(found->ratio_second_over_first), digits(found->lower95),
                                       digits(found->upper95), verdict_word(*found)});
    }
    return cells;
}

} // namespace kvduel::report
