#include "harness/experiment/judge/axis_line.hpp"

#include "harness/experiment/judge/margins.hpp"
#include "harness/experiment/plan/axis.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace kvduel::experiment {

namespace {

using ContenderPair = std::pair<std::string, std::string>;

std::vector<ContenderPair> pairs_of(const std::string& scenario, const std::vector<Comparison>& comparisons) {
    std::vector<ContenderPair> pairs;
    for (const Comparison& row : comparisons) {
        const ContenderPair pair(row.first, row.second);
        if (row.scenario == scenario && std::ranges::find(pairs, pair) == pairs.end()) pairs.push_back(pair);
    }
    return pairs;
}

std::optional<ComparisonVerdict> word_on(const Parameters& cell, const std::string& scenario,
                                         const ContenderPair& pair,
                                         const std::vector<Comparison>& comparisons) {
    const std::string_view metric = main_metric(cell);
    const auto found = std::ranges::find_if(comparisons, [&](const Comparison& row) {
        return row.metric == metric && row.scenario == scenario && row.first == pair.first &&
               row.second == pair.second && row.parameters == cell;
    });
    if (found == comparisons.end()) return std::nullopt;
    return found->verdict;
}

} // namespace

std::vector<AxisLine> axis_lines(const Scenario& scenario) {
    std::vector<AxisLine> lines;
    if (!scenario.refine) return lines;
    const Axis axis = scenario.refine->axis;
    for (std::size_t i = 0; i < scenario.cells.size(); ++i) {
        const auto value = axis_value(scenario.cells[i], axis);
        if (!value) continue;
        auto line = std::ranges::find_if(lines, [&](const AxisLine& known) {
            const AxisPoint& any = known.front();
            return scenario.cells[any.cell] == moved_to(scenario.cells[i], axis, any.value);
        });
        if (line == lines.end()) line = lines.insert(lines.end(), AxisLine{});
        if (std::ranges::find(*line, *value, &AxisPoint::value) == line->end())
            line->push_back({*value, i, std::nullopt});
    }
    for (AxisLine& line : lines) std::ranges::sort(line, {}, &AxisPoint::value);
    return lines;
}

std::vector<WordedLine> worded_lines(const Suite& suite, const std::vector<Comparison>& comparisons) {
    std::vector<WordedLine> worded;
    for (std::size_t i = 0; i < suite.scenarios.size(); ++i) {
        const Scenario& scenario = suite.scenarios[i];
        const std::vector<AxisLine> lines = axis_lines(scenario);
        if (lines.empty()) continue;
        for (const ContenderPair& pair : pairs_of(scenario.id, comparisons))
            for (const AxisLine& line : lines) {
                worded.push_back({i, pair.first, pair.second, line});
                for (AxisPoint& point : worded.back().points)
                    point.word = word_on(scenario.cells[point.cell], scenario.id, pair, comparisons);
            }
    }
    return worded;
}

std::vector<std::size_t> cells_in_order(const Scenario& scenario) {
    std::map<std::size_t, std::vector<std::size_t>> behind; // a cell of the grid
    std::vector<bool> has_place(scenario.cells.size(), false);
    for (const AxisLine& line : axis_lines(scenario)) {
        std::optional<std::size_t> neighbour;
        for (const AxisPoint& point : line) {
            if (point.cell < scenario.grid_cells())
                neighbour = point.cell;
            else if (neighbour) {
                behind[*neighbour].push_back(point.cell);
                has_place[point.cell] = true;
            }
        }
    }
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < scenario.cells.size(); ++i) {
        if (!has_place[i]) order.push_back(i);
        const auto followers = behind.find(i);
        if (followers != behind.end())
            order.insert(order.end(), followers->second.begin(), followers->second.end());
    }
    return order;
}

} // namespace kvduel::experiment
