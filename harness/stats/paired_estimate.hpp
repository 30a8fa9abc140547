#pragma once

#include "harness/stats/interval.hpp"

#include <cstddef>
#include <optional>
#include <span>

namespace kvduel::stats {

inline constexpr std::size_t kLeastBlocks = 3; ///< with fewer there is no interval
inline constexpr std::size_t kLeastSignedRankBlocks =
    6; ///< with fewer the exact 95 % interval is the whole line

/// Where the differences of n blocks lie, and how surely.
struct PairedEstimate {
    double centre = 0; ///< Hodges-Lehmann
    std::optional<Interval> at95;
    std::optional<Interval> at90;
};

/// n 1 and 2: no interval. 3 to 5: Student's t, as min..max would cover 75 to 94 % only; what it assumes
/// (normal differences) is checked by simulation, and `sd_floor` keeps it from believing three values that
/// happen to agree. From 6 on the exact signed rank, which only assumes symmetry; random order within blocks
/// gives that when the contenders are alike. `differences` is not empty and finite. Pure.
PairedEstimate estimate_paired(std::span<const double> differences, double sd_floor);

} // namespace kvduel::stats
