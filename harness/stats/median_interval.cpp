#include "harness/stats/median_interval.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace kvduel::stats {

std::optional<Interval> median_interval(std::span<const double> values, double confidence) {
    std::vector<double> sorted(values.begin(), values.end());
    std::ranges::sort(sorted);
    const auto n = static_cast<double>(sorted.size());
    double log_chance = -n * std::log(2.0); // of exactly k values below the median; 2^-n underflows
    double below = 0;
    std::size_t k = 0;
    while (2 * k < sorted.size()) {
        below += std::exp(log_chance);
        if (1 - 2 * below < confidence) break;
        ++k;
        log_chance += std::log((n - static_cast<double>(k) + 1) / static_cast<double>(k));
    }
    if (k == 0) return std::nullopt;
    return Interval{sorted[k - 1], sorted[sorted.size() - k]};
}

} // namespace kvduel::stats
