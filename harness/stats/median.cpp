#include "harness/stats/median.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace kvduel::stats {

std::optional<Spread> spread_of(std::span<const double> values) {
    if (values.empty()) return std::nullopt;
    std::vector<double> sorted(values.begin(), values.end());
    std::ranges::sort(sorted);
    const std::size_t middle = sorted.size() / 2;
    const double median =
        sorted.size() % 2 == 1 ? sorted[middle] : std::midpoint(sorted[middle - 1], sorted[middle]);
    return Spread{sorted.size(), median, sorted.front(), sorted.back()};
}

} // namespace kvduel::stats
