#pragma once

#include <cstdint>

namespace kvduel::stats {

// What tests that draw sign vectors and count those that reach a statistic have in common.

inline constexpr std::uint64_t kSignSeed =
    0x6b766475656c;                       ///< "kvduel": any will do, if it is always the same
inline constexpr double kTieSlack = 1e-9; ///< of a statistic: sums of one vector by two ways still tie

} // namespace kvduel::stats
