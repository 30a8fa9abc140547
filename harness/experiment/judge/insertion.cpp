#include "harness/experiment/judge/insertion.hpp"

#include "harness/experiment/plan/axis.hpp"

#include <algorithm>

namespace kvduel::experiment {

namespace {

std::size_t inserted_in(const Suite& suite) {
    std::size_t count = 0;
    for (const Scenario& scenario : suite.scenarios) count += scenario.cells.size() - scenario.grid_cells();
    return count;
}

std::size_t inserted_on(const Suite& suite, const WordedLine& line) {
    const std::size_t grid = suite.scenarios[line.scenario].grid_cells();
    return static_cast<std::size_t>(
        std::ranges::count_if(line.points, [&](const AxisPoint& point) { return point.cell >= grid; }));
}

/// The next cells while they are found.
class Insertions {
public:
    explicit Insertions(const Suite& suite) : suite_(suite) {}

    void add_between(const WordedLine& line, const AxisPoint& low, const AxisPoint& high) {
        if (!low.is_decided() || !high.is_decided() || low.word == high.word) return;
        const auto middle = middle_of(low.value, high.value);
        if (is_fine(low.value, high.value) || !middle) return;
        const Scenario& scenario = suite_.scenarios[line.scenario];
        const Axis axis = scenario.refine->axis;
        const Parameters cell = moved_to(scenario.cells[low.cell], axis, *middle);
        std::size_t on_line = inserted_on(suite_, line);
        for (const Insertion& other : found_) {
            if (other.scenario != line.scenario) continue;
            if (other.cell == cell) return;
            if (moved_to(other.cell, axis, *middle) == cell) ++on_line;
        }
        if (on_line >= kMostInsertedPerLine || inserted_in(suite_) + found_.size() >= kMostInserted) return;
        found_.push_back({line.scenario, low.value, high.value, cell});
    }

    std::vector<Insertion> take() { return std::move(found_); }

private:
    const Suite& suite_;
    std::vector<Insertion> found_;
};

} // namespace

bool has_reached_bound(const Suite& suite, const WordedLine& line) {
    return inserted_in(suite) >= kMostInserted || inserted_on(suite, line) >= kMostInsertedPerLine;
}

std::vector<Insertion> next_insertions(const Suite& suite, const std::vector<Comparison>& comparisons) {
    Insertions next(suite);
    for (const WordedLine& line : worded_lines(suite, comparisons))
        for (std::size_t i = 1; i < line.points.size(); ++i)
            next.add_between(line, line.points[i - 1], line.points[i]);
    return next.take();
}

} // namespace kvduel::experiment
