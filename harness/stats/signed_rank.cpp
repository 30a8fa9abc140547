#include "harness/stats/signed_rank.hpp"

#include "harness/stats/median.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace kvduel::stats {
namespace {

/// P(W = w) for w up to `most`: each rank joins the sum with chance 1/2.
std::vector<double> rank_sum_chances(std::size_t n, std::size_t most) {
    std::vector<double> chances(most + 1, 0.0);
    chances[0] = 1;
    for (std::size_t rank = 1; rank <= n; ++rank)
        for (std::size_t sum = most + 1; sum-- > 0;)
            chances[sum] = (chances[sum] + (sum >= rank ? chances[sum - rank] : 0)) / 2;
    return chances;
}

std::vector<double> sorted_averages(std::span<const double> differences) {
    std::vector<double> averages;
    averages.reserve(differences.size() * (differences.size() + 1) / 2);
    for (std::size_t i = 0; i < differences.size(); ++i)
        for (std::size_t j = i; j < differences.size(); ++j)
            averages.push_back(std::midpoint(differences[i], differences[j]));
    std::ranges::sort(averages);
    return averages;
}

} // namespace

Depth signed_rank_depth(std::size_t n, double confidence) {
    const std::vector<double> chances = rank_sum_chances(n, n * (n + 1) / 4);
    Depth depth;
    double below = 0; // P(W < k): what the interval from the k-th average misses on this side
    for (const double chance : chances) {
        below += chance;
        if (1 - 2 * below < confidence) break;
        ++depth.k;
        depth.coverage = 1 - 2 * below;
    }
    return depth;
}

double hodges_lehmann(std::span<const double> differences) {
    return spread_of(sorted_averages(differences))->median;
}

std::optional<Interval> signed_rank_interval(std::span<const double> differences, double confidence) {
    const Depth depth = signed_rank_depth(differences.size(), confidence);
    if (depth.k == 0) return std::nullopt;
    const std::vector<double> averages = sorted_averages(differences);
    return Interval{averages[depth.k - 1], averages[averages.size() - depth.k]};
}

} // namespace kvduel::stats
