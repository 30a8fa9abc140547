#pragma once

#include "harness/experiment/axis_line.hpp"
#include "harness/experiment/progress.hpp"

#include <vector>

namespace kvduel::experiment {

inline constexpr unsigned kMostInsertedPerLine = 6; ///< cells on one line
inline constexpr unsigned kMostInserted = 24;       ///< cells in one run

/// May no more cells be put on this line, or into this run?
bool has_reached_bound(const Suite& suite, const WordedLine& line);

/// The cells that come next: the geometric middle between each pair of neighbours on a line whose words
/// differ and are both decided (first, second, equivalent), until their step is fine (kFinestStep), no whole
/// number lies between them or a bound is reached. An undecided cell neither starts a refinement nor lets one
/// go on. Each cell once, whoever wants it. Pure.
std::vector<Insertion> next_insertions(const Suite& suite, const std::vector<Comparison>& comparisons);

} // namespace kvduel::experiment
