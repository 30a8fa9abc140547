#include "harness/stats/welch.hpp"

#include "harness/stats/student_t.hpp"

#include <algorithm>
#include <cmath>

namespace kvduel::stats {

WelchDifference welch(const Moments& a, const Moments& b, double extra) {
    const double of_a = a.sd * a.sd / a.n;
    const double of_b = b.sd * b.sd / b.n;
    WelchDifference difference;
    difference.centre = b.mean - a.mean;
    difference.error = std::sqrt(of_a + of_b + extra);
    const double spread = of_a * of_a / (a.n - 1) + of_b * of_b / (b.n - 1);
    const double least = std::min(a.n, b.n) - 1;
    difference.freedom = spread > 0 ? (of_a + of_b) * (of_a + of_b) / spread : least;
    return difference;
}

Interval interval_of(const WelchDifference& difference, double confidence) {
    const double half = student_t_quantile((1 + confidence) / 2, difference.freedom) * difference.error;
    return {difference.centre - half, difference.centre + half};
}

double p_above_zero(const WelchDifference& difference) {
    return 1 - student_t_cdf(difference.centre / difference.error, difference.freedom);
}

} // namespace kvduel::stats
