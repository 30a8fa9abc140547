#pragma once

#include "harness/stats/interval.hpp"

#include <span>

namespace kvduel::stats {

/// Mean and standard deviation (n - 1 in the denominator) of at least two values.
struct Moments {
    double n = 0;
    double mean = 0;
    double sd = 0;
};

/// `sd_floor` is the least sd that is believed: a few values that happen to agree prove no precision. Pure,
/// as all below.
Moments moments_of(std::span<const double> values, double sd_floor);

/// Student's t interval of the mean (Student 1908).
Interval t_interval(const Moments& moments, double confidence);

/// The two-sided p of "the mean is 0".
double t_test(const Moments& moments);

/// The two-sided p of "both means are the same", with a pooled variance (Student's two-sample test).
double t_test(const Moments& a, const Moments& b);

} // namespace kvduel::stats
