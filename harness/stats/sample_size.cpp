#include "harness/stats/sample_size.hpp"

#include <cmath>

namespace kvduel::stats {
namespace {

constexpr double kDoubt = 0.01;

/// P(Binomial(n, 1 - q) <= beyond); terms by logarithms, as q^n underflows.
double binomial_below(std::uint64_t n, double q, unsigned beyond) noexcept {
    const auto trials = static_cast<double>(n);
    double log_term = trials * std::log(q);
    double sum = std::exp(log_term);
    for (unsigned k = 1; k <= beyond && k <= n; ++k) {
        log_term += std::log((trials - k + 1) / k) + std::log1p(-q) - std::log(q);
        sum += std::exp(log_term);
    }
    return sum;
}

} // namespace

std::uint64_t least_samples(double q, unsigned beyond) noexcept {
    std::uint64_t too_few = beyond;
    std::uint64_t enough = beyond + 1;
    while (binomial_below(enough, q, beyond) > kDoubt) {
        too_few = enough;
        enough *= 2;
    }
    while (enough - too_few > 1) {
        const std::uint64_t middle = too_few + (enough - too_few) / 2;
        (binomial_below(middle, q, beyond) > kDoubt ? too_few : enough) = middle;
    }
    return enough;
}

} // namespace kvduel::stats
