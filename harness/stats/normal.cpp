#include "harness/stats/normal.hpp"

#include <cmath>
#include <numbers>

namespace kvduel::stats {
namespace {

constexpr int kMostSteps = 200; // some 10 are taken; 1 - 1e-300 takes 60

double upper_tail(double x) noexcept {
    return std::erfc(x / std::numbers::sqrt2) / 2;
}

double density(double x) noexcept {
    return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
}

} // namespace

double normal_cdf(double x) noexcept {
    return upper_tail(-x);
}

double normal_quantile(double p) noexcept {
    if (p < 0.5) return -normal_quantile(1 - p);
    // Newton from the left: to the right of 0 the distribution is concave, so no step passes the root.
    double x = 0;
    for (int step = 0; step < kMostSteps; ++step) {
        const double next = x + (upper_tail(x) - (1 - p)) / density(x);
        if (!(next > x)) break;
        x = next;
    }
    return x;
}

} // namespace kvduel::stats
