#include "harness/report/tables/search_tables.hpp"

#include "harness/report/json/words.hpp"
#include "harness/report/tables/result_tables.hpp"
#include "harness/report/text/printable.hpp"
#include "harness/report/text/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace kvduel::report {
namespace {

using experiment::RunReport;
using experiment::SearchResult;
using experiment::SearchState;

/// The searches of one cell, in the order of the contenders.
using CellSearches = std::vector<const SearchResult*>;

std::vector<CellSearches> by_cell(const RunReport& report) {
    std::vector<CellSearches> cells;
    for (const SearchResult& one : report.searches) {
        const auto cell = std::ranges::find_if(cells, [&](const CellSearches& known) {
            return known.front()->scenario == one.scenario && known.front()->parameters == one.parameters;
        });
        if (cell == cells.end())
            cells.push_back({&one});
        else
            cell->push_back(&one);
    }
    return cells;
}

std::string rate_text(const std::optional<double>& rate) {
    return rate ? figure_text(*rate) : "-";
}

std::string_view state_text(SearchState state) {
    switch (state) {
    case SearchState::kSearching: return "unfinished";
    case SearchState::kFound: return "found";
    case SearchState::kBelowRange: return "even the least rate fails";
    case SearchState::kAboveRange: return "even the highest rate holds";
    case SearchState::kUnjudged: return "higher rates could not be judged";
    case SearchState::kTrialLimit: return "too noisy: out of trials";
    }
    return "";
}

TextTable table_of(const CellSearches& cell) {
    TextTable table{{"contender", "holds at /s", "fails at /s", "trials", "search"}, {}};
    for (const SearchResult* one : cell)
        table.rows.push_back({printable(one->contender), rate_text(one->lower_rps), rate_text(one->upper_rps),
                              std::to_string(one->steps.size()), std::string(state_text(one->state))});
    return table;
}

std::string sentence(const SearchResult& a, const SearchResult& b) {
    const auto is_above = [](const SearchResult& high, const SearchResult& low) {
        return high.lower_rps && low.upper_rps && *high.lower_rps > *low.upper_rps;
    };
    for (const auto& [high, low] : {std::pair(&a, &b), std::pair(&b, &a)})
        if (is_above(*high, *low))
            return fmt::format("{} carries more: it holds at {}/s, {} fails at {}/s",
                               printable(high->contender), figure_text(*high->lower_rps),
                               printable(low->contender), figure_text(*low->upper_rps));
    return fmt::format("{} and {}: undecided, their intervals are not apart", printable(a.contender),
                       printable(b.contender));
}

} // namespace

std::string search_tables(const RunReport& report, bool is_markdown) {
    std::string text;
    for (const CellSearches& cell : by_cell(report)) {
        const SearchResult& first = *cell.front();
        const std::string label = cell_label(first.parameters);
        text += is_markdown ? fmt::format("\n**{}**: {}\n\n", printable(first.scenario), label)
                            : fmt::format("\n{}   {}\n", printable(first.scenario), label);
        text += is_markdown ? render_markdown(table_of(cell)) : render_aligned(table_of(cell), "  ");
        for (std::size_t i = 0; i < cell.size(); ++i)
            for (std::size_t k = i + 1; k < cell.size(); ++k)
                text += (is_markdown ? "\n" : "  ") + sentence(*cell[i], *cell[k]) + "\n";
    }
    return text;
}

} // namespace kvduel::report
