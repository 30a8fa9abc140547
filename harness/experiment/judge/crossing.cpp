#include "harness/experiment/judge/crossing.hpp"

#include "harness/experiment/judge/axis_line.hpp"
#include "harness/experiment/judge/compare.hpp"
#include "harness/experiment/judge/insertion.hpp"
#include "harness/experiment/judge/margins.hpp"
#include "harness/experiment/plan/axis.hpp"

namespace kvduel::experiment {

namespace {

StripEnd stopped_by(const Suite& suite, const WordedLine& line, std::size_t lower, std::size_t upper) {
    const std::uint64_t least = line.points[lower].value;
    const std::uint64_t most = line.points[upper].value;
    if (upper - lower > 1) return StripEnd::kUndecided;
    if (is_fine(least, most)) return StripEnd::kStep;
    if (!middle_of(least, most)) return StripEnd::kInteger;
    return has_reached_bound(suite, line) ? StripEnd::kBound : StripEnd::kUnfinished;
}

Crossing crossing_at(const Suite& suite, const WordedLine& line, std::size_t lower, std::size_t upper) {
    const Scenario& scenario = suite.scenarios[line.scenario];
    const AxisPoint& low = line.points[lower];
    const AxisPoint& high = line.points[upper];
    const Parameters& cell = scenario.cells[low.cell];
    return {scenario.id,
            cell,
            scenario.refine->axis,
            std::string(main_metric(cell)),
            line.first,
            line.second,
            low.value,
            high.value,
            *low.word,
            *high.word,
            stopped_by(suite, line, lower, upper)};
}

} // namespace

std::vector<Crossing> crossings(const Suite& suite, const std::vector<Comparison>& comparisons) {
    std::vector<Crossing> found;
    for (const WordedLine& line : worded_lines(suite, comparisons)) {
        std::optional<std::size_t> last; // decided one
        for (std::size_t i = 0; i < line.points.size(); ++i) {
            if (!line.points[i].is_decided()) continue;
            if (last && line.points[*last].word != line.points[i].word)
                found.push_back(crossing_at(suite, line, *last, i));
            last = i;
        }
    }
    return found;
}

std::vector<Crossing> crossings_of(const RunReport& report) {
    if (!report.run.finished_at.empty()) return report.crossings;
    return crossings(report.suite, comparisons_of(report));
}

} // namespace kvduel::experiment
