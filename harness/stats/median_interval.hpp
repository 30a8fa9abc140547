#pragma once

#include "harness/stats/interval.hpp"

#include <optional>
#include <span>

namespace kvduel::stats {

/// From the k-th smallest to the k-th largest value, with the largest k that covers the median with at least
/// `confidence`, by the binomial distribution; assumes nothing of the values' shape. None if they are too few
/// (95 %: 6). Source: David and Nagaraja 2003, section 7.1. Pure.
std::optional<Interval> median_interval(std::span<const double> values, double confidence);

} // namespace kvduel::stats
