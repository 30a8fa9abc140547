#pragma once

#include <cstddef>
#include <optional>

namespace kvduel::stats {

inline constexpr std::size_t kMostBlocksNamed = 1'000; ///< nobody runs more

/// What an undecided endpoint looks like so far.
struct Undecided {
    double centre = 0;         ///< of d = ln(second / first)
    double sd = 0;             ///< of d, over blocks
    double margin = 0;         ///< 0.03 is 3 %
    std::size_t endpoints = 1; ///< of its family
};

/// The fewest blocks that would decide in nine of ten runs if centre and sd are what they seem: a win if the
/// centre is past the margin, else equivalence. None if kMostBlocksNamed would not do, as for a centre that
/// lies on the margin. By the normal approximation to the power of a t test (Chow, Shao and Wang 2008,
/// section 3.1), critical value by Bonferroni, over the signed rank's efficiency of 3 / pi: an order of size,
/// not a promise. Pure.
std::optional<std::size_t> blocks_needed(const Undecided& endpoint);

} // namespace kvduel::stats
