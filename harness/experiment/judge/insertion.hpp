#pragma once

#include "harness/experiment/judge/axis_line.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kvduel::experiment {

inline constexpr unsigned kMostInsertedPerLine = 6; ///< cells on one line
inline constexpr unsigned kMostInserted = 24;       ///< cells in one run

/// A cell that is put between two others.
struct Insertion {
    std::size_t scenario = 0; ///< its place in the suite
    std::uint64_t lower = 0;  ///< on the axis: its neighbours
    std::uint64_t upper = 0;
    Parameters cell;
};

/// May no more cells be put on this line, or into this run?
bool has_reached_bound(const Suite& suite, const WordedLine& line);

/// The cells that come next: the geometric middle between each pair of neighbours on a line whose words
/// differ and are both decided (first, second, equivalent), until their step is fine (kFinestStep), no whole
/// number lies between them or a bound is reached. An undecided cell neither starts a refinement nor lets one
/// go on. Each cell once, whoever wants it. Pure.
std::vector<Insertion> next_insertions(const Suite& suite, const std::vector<Comparison>& comparisons);

} // namespace kvduel::experiment
