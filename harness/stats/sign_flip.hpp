#pragma once

#include "harness/stats/endpoint.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace kvduel::stats {

inline constexpr std::size_t kMostExhaustiveBlocks = 16;  ///< 2^15 sign vectors: the first sign may stand
inline constexpr std::size_t kMostDraws = 20'000;         ///< of sign vectors, for more blocks
inline constexpr std::size_t kLeastDraws = 2'000;         ///< however large the family is: p to 0.5 % at 0.05
inline constexpr std::size_t kMostFlipWork = 200'000'000; ///< draws x blocks x endpoints, about 0.2 s
inline constexpr double kLeastSd = 0.001; ///< of differences: all blocks alike give no infinite t

/// p of each endpoint, two-sided, adjusted for the number of endpoints: the share of sign vectors that make
/// some endpoint's |t| as large as this one's is (single-step max-t; Westfall and Young 1993, section 2.6).
/// A sign belongs to a whole block: what moves together in a block stays together, so no model of how
/// throughput, CPU and latency depend on each other is needed. Exact if the differences of a block may as
/// well have the other sign, which drawing the order within blocks gives two contenders that are alike. An
/// endpoint without a pair in a block has its t from those it has; the vectors are the same for all. By a
/// fixed seed, so that the same trials give the same p everywhere. All endpoints have equally many places in
/// by_block, and each at least two differences. Pure.
std::vector<double> sign_flip_max_t(std::span<const Endpoint> endpoints);

} // namespace kvduel::stats
