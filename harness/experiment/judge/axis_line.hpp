#pragma once

#include "harness/experiment/record/report.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kvduel::experiment {

// The cells of a scenario that is refined, as lines along its axis. Pure.

/// A cell on its line, and what was said of two contenders there.
struct AxisPoint {
    std::uint64_t value = 0;
    std::size_t cell = 0;                  ///< its place in the scenario
    std::optional<ComparisonVerdict> word; ///< absent: not compared

    bool is_decided() const { return word && *word != ComparisonVerdict::kUndecided; }
};

/// Cells that differ by their place on the axis alone, the lowest first.
using AxisLine = std::vector<AxisPoint>;

/// All lines, in the order of their first cells; none if the scenario is not refined. No words yet.
std::vector<AxisLine> axis_lines(const Scenario& scenario);

/// A line with the words on two contenders, by the main metric of its cells (margins.hpp).
struct WordedLine {
    std::size_t scenario = 0; ///< its place in the suite
    std::string first;
    std::string second;
    AxisLine points;
};

/// Each line of each scenario that is refined, for each pair of contenders that was compared there.
std::vector<WordedLine> worded_lines(const Suite& suite, const std::vector<Comparison>& comparisons);

/// The places of all cells as a reader wants them: those that were inserted behind their neighbours.
std::vector<std::size_t> cells_in_order(const Scenario& scenario);

} // namespace kvduel::experiment
