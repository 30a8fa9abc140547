#include "harness/report/check/check_crossings.hpp"

#include "harness/experiment/judge/axis_line.hpp"
#include "harness/experiment/judge/crossing.hpp"
#include "harness/experiment/judge/insertion.hpp"

#include <fmt/format.h>

#include <vector>

namespace kvduel::report {
namespace {

using experiment::AxisLine;
using experiment::Crossing;
using experiment::Scenario;

/// Marks the cells of a line that were inserted and stand where an insertion may stand.
void mark_sound(const Scenario& scenario, const AxisLine& line, std::vector<bool>& is_sound) {
    const auto is_of_grid = [&](const experiment::AxisPoint& point) {
        return point.cell < scenario.grid_cells();
    };
    const bool has_ends = is_of_grid(line.front()) && is_of_grid(line.back());
    unsigned inserted = 0;
    for (const experiment::AxisPoint& point : line)
        if (!is_of_grid(point) && has_ends)
            is_sound[point.cell] = ++inserted <= experiment::kMostInsertedPerLine;
}

void check_scenario(const Scenario& scenario, const Place& place, Faults& faults) {
    if (scenario.inserted == 0) return;
    if (!scenario.refine || scenario.inserted >= scenario.cells.size())
        return faults.add(place.child("inserted"),
                          fmt::format("{} of {} cells{}", scenario.inserted, scenario.cells.size(),
                                      scenario.refine ? "" : ", though nothing is refined"));
    std::vector<bool> is_sound(scenario.cells.size(), false);
    for (const AxisLine& line : experiment::axis_lines(scenario)) mark_sound(scenario, line, is_sound);
    for (std::size_t i = scenario.grid_cells(); i < scenario.cells.size(); ++i)
        if (!is_sound[i])
            faults.add(place.child("cells").child(i),
                       "was inserted, but not between cells of the suite that differ by the axis alone");
}

} // namespace

void check_inserted(const experiment::RunReport& report, const Place& root, Faults& faults) {
    const Place place = root.child("suite").child("scenarios");
    std::size_t inserted = 0;
    for (std::size_t i = 0; i < report.suite.scenarios.size(); ++i) {
        check_scenario(report.suite.scenarios[i], place.child(i), faults);
        inserted += report.suite.scenarios[i].inserted;
    }
    if (inserted > experiment::kMostInserted)
        faults.add(place, fmt::format("{} cells were inserted; allowed: at most {}", inserted,
                                      experiment::kMostInserted));
}

void check_crossings(const experiment::RunReport& report, const Place& root, Faults& faults) {
    const Place place = root.child("crossings");
    if (report.run.finished_at.empty()) {
        if (!report.crossings.empty()) faults.add(place, "not empty, though the run has not finished");
        return;
    }
    const std::vector<Crossing> expected = experiment::crossings(report.suite, report.comparisons);
    if (report.crossings.size() != expected.size())
        return faults.add(place, fmt::format("{} rows, though the comparisons give {}",
                                             report.crossings.size(), expected.size()));
    for (std::size_t i = 0; i < expected.size(); ++i)
        if (report.crossings[i] != expected[i])
            faults.add(place.child(i),
                       fmt::format("not the row of {} {}/{} from {} to {} that the comparisons give",
                                   expected[i].scenario, expected[i].second, expected[i].first,
                                   expected[i].lower, expected[i].upper));
}

} // namespace kvduel::report
