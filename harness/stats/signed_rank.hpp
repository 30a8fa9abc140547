#pragma once

#include "harness/stats/interval.hpp"

#include <cstddef>
#include <optional>
#include <span>

namespace kvduel::stats {

// Wilcoxon's signed rank and what follows from it, for n differences that are symmetric about their centre
// and have no further shape. Sources: Wilcoxon 1945; Hodges and Lehmann 1963; Hollander, Wolfe and Chicken
// 2014, section 3.2 to 3.4. Pure. Cost: n^2 log n, and n^3 / 24 additions for a depth.

/// How far from the ends of the sorted n (n + 1) / 2 averages an interval ends, and what it then covers.
struct Depth {
    std::size_t k = 0; ///< the k-th smallest and the k-th largest; 0: no interval covers so much
    double coverage = 0;
};

/// The deepest interval that covers at least `confidence` (0 < confidence < 1), by the exact distribution of
/// the sum of positive ranks under 2^n equally likely signs.
Depth signed_rank_depth(std::size_t n, double confidence);

/// The median of all (d_i + d_j) / 2 with i <= j. `differences` is not empty and finite.
double hodges_lehmann(std::span<const double> differences);

/// None if there are too few differences for this confidence (95 %: 6, 90 %: 5).
std::optional<Interval> signed_rank_interval(std::span<const double> differences, double confidence);

} // namespace kvduel::stats
