#include "harness/stats/holm.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace kvduel::stats {

std::vector<double> holm(std::span<const double> p) {
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
    std::vector<double> adjusted(p.size());
    double highest = 0;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
        highest = std::max(highest, p[order[rank]] * static_cast<double>(p.size() - rank));
        adjusted[order[rank]] = std::min(1.0, highest);
    }
    return adjusted;
}

} // namespace kvduel::stats
