#pragma once

#include <cstdint>

namespace kvduel::stats {

/// Fewest samples that carry the quantile `q` (0 < q < 1) with 99 % confidence when `beyond` of them may lie
/// beyond it: the least N with P(Binomial(N, 1 - q) <= beyond) <= 0.01, as MLPerf's LoadGen stops early
/// (early_stopping.cc). beyond = 1: fewer samples show no figure (p50 11, p90 64, p99 662, p99.9 6,636);
/// beyond = 10: fewer deserve a warning. Pure; some ten steps of a search.
std::uint64_t least_samples(double q, unsigned beyond) noexcept;

} // namespace kvduel::stats
