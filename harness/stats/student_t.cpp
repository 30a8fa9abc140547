#include "harness/stats/student_t.hpp"

#include "harness/stats/normal.hpp"

#include <cmath>
#include <numbers>

namespace kvduel::stats {
namespace {

constexpr int kMostTerms = 10'000;      // about sqrt(freedom) are taken
constexpr int kMostQuantileSteps = 500; // some 10 are taken, more in the tails of 1 degree of freedom
constexpr double kTiny =
    1e-300; // in place of a zero denominator: Lentz 1976, as Thompson and Barnett changed it
constexpr double kEnough = 1e-16;

double away_from_zero(double x) noexcept {
    return std::abs(x) < kTiny ? kTiny : x;
}

/// DLMF 8.17.22; quick for x < (a + 1) / (a + b + 2).
double beta_fraction(double x, double a, double b) noexcept {
    double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
    double c = 1;
    double fraction = d;
    for (int m = 1; m < kMostTerms; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / away_from_zero(1 + even * d);
        c = away_from_zero(1 + even / c);
        fraction *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away_from_zero(1 + odd * d);
        c = away_from_zero(1 + odd / c);
        fraction *= d * c;
        if (std::abs(d * c - 1) < kEnough) break;
    }
    return fraction;
}

double log_gamma(double x) noexcept {
    int sign = 0; // lgamma() keeps the sign in a global
    return ::lgamma_r(x, &sign);
}

/// I_x(a, b), 0 <= x <= 1; `rest` is 1 - x, which the caller knows without cancellation.
double incomplete_beta(double x, double rest, double a, double b) noexcept {
    if (x <= 0 || rest <= 0) return x <= 0 ? 0 : 1;
    const double front =
        std::exp(a * std::log(x) + b * std::log(rest) + log_gamma(a + b) - log_gamma(a) - log_gamma(b));
    if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(rest, b, a) / b;
}

double density(double t, double freedom) noexcept {
    return std::exp(log_gamma((freedom + 1) / 2) - log_gamma(freedom / 2) -
                    (freedom + 1) / 2 * std::log1p(t * t / freedom)) /
           std::sqrt(freedom * std::numbers::pi);
}

} // namespace

double student_t_two_sided(double t, double freedom) noexcept {
    if (std::isinf(t)) return 0;
    const double sum = freedom + t * t;
    return incomplete_beta(freedom / sum, t * t / sum, freedom / 2, 0.5);
}

double student_t_cdf(double t, double freedom) noexcept {
    const double tail = student_t_two_sided(t, freedom) / 2;
    return t < 0 ? tail : 1 - tail;
}

double student_t_quantile(double p, double freedom) noexcept {
    if (p < 0.5) return -student_t_quantile(1 - p, freedom);
    // Newton from the left, as in normal_quantile(); t has the heavier tails, so the normal quantile is left.
    double t = normal_quantile(p);
    for (int step = 0; step < kMostQuantileSteps; ++step) {
        const double next = t + (student_t_two_sided(t, freedom) / 2 - (1 - p)) / density(t, freedom);
        if (!(next > t)) break;
        t = next;
    }
    return t;
}

} // namespace kvduel::stats
