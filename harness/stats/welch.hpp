#pragma once

#include "harness/stats/interval.hpp"
#include "harness/stats/t_interval.hpp"

namespace kvduel::stats {

/// The difference of the means of two samples that were not taken in pairs (Welch 1947), with a variance of
/// the difference that neither sample can show (`extra`: from run to run) added.
struct WelchDifference {
    double centre = 0;  ///< b - a
    double error = 0;   ///< its standard error
    double freedom = 1; ///< Welch and Satterthwaite's, of the samples alone: fewer than all would have
};

/// Of samples of two or more values. Pure, as all below.
WelchDifference welch(const Moments& a, const Moments& b, double extra);

/// Student's t interval of the difference.
Interval interval_of(const WelchDifference& difference, double confidence);

/// One-sided p of "the difference is 0 or less".
double p_above_zero(const WelchDifference& difference);

} // namespace kvduel::stats
