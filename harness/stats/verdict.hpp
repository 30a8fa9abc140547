#pragma once

#include "harness/stats/paired_estimate.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace kvduel::stats {

inline constexpr double kAlpha = 0.05; ///< of a family of endpoints

enum class Verdict : std::uint8_t { kFirst, kSecond, kEquivalent, kUndecided };

/// What is known of d = ln(second / first) of one endpoint.
struct Evidence {
    PairedEstimate estimate;
    std::optional<double> p_adjusted; ///< family.hpp; absent: too few blocks
    double margin = 0;                ///< a difference that matters: 0.03 is 3 %
    bool is_higher_better = false;
};

/// kEquivalent: the 90 % interval lies inside (1 / (1 + margin), 1 + margin) (two one-sided tests at 5 %,
/// Schuirmann 1987). kFirst, kSecond: p_adjusted <= kAlpha and the estimate favours it by the margin or more.
/// kUndecided: all else. So a difference below the margin, however significant, is no win, and "not
/// significant" is not "same". Both at once cannot be: the estimate lies in the 90 % interval. Pure.
Verdict decide(const Evidence& evidence);

} // namespace kvduel::stats
