#include "harness/stats/welch.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

namespace kvduel::stats {

TEST_CASE("by hand: two samples of other sizes and spreads") {
    const std::vector<double> a{1, 2, 3};         // mean 2, variance 1
    const std::vector<double> b{4, 6, 8, 10, 12}; // mean 8, variance 10
    const WelchDifference difference = welch(moments_of(a, 0), moments_of(b, 0), 0);
    CHECK(difference.centre == doctest::Approx(6));
    CHECK(difference.error == doctest::Approx(std::sqrt(1.0 / 3 + 2)));
    // (7/3)^2 / ((1/3)^2 / 2 + 2^2 / 4) = 5.4444 / 1.0556
    CHECK(difference.freedom == doctest::Approx(5.15789).epsilon(1e-5));
    // scipy.stats.ttest_ind(b, a, equal_var=False, alternative="greater").pvalue
    CHECK(p_above_zero(difference) == doctest::Approx(0.0051893).epsilon(1e-3));
}

TEST_CASE("what runs differ by widens the interval and is no reason to believe more") {
    const std::vector<double> a{1, 2, 3};
    const Moments moments = moments_of(a, 0);
    const Interval narrow = interval_of(welch(moments, moments, 0), 0.95);
    const Interval wide = interval_of(welch(moments, moments, 1), 0.95);
    CHECK(wide.upper > narrow.upper);
    CHECK(wide.lower == doctest::Approx(-wide.upper));
    CHECK(p_above_zero(welch(moments, moments, 0)) == doctest::Approx(0.5));
}

} // namespace kvduel::stats
