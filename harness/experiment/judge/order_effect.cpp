#include "harness/experiment/judge/order_effect.hpp"

#include "harness/stats/paired_estimate.hpp"
#include "harness/stats/t_interval.hpp"

namespace kvduel::experiment {

std::optional<double> order_effect(std::span<const OrderedDifference> differences, double sd_floor) {
    std::vector<double> first_earlier;
    std::vector<double> second_earlier;
    for (const OrderedDifference& one : differences)
        (one.is_first_earlier ? first_earlier : second_earlier).push_back(one.difference);
    if (first_earlier.size() < stats::kLeastBlocks || second_earlier.size() < stats::kLeastBlocks)
        return std::nullopt;
    return stats::t_test(stats::moments_of(first_earlier, sd_floor),
                         stats::moments_of(second_earlier, sd_floor));
}

} // namespace kvduel::experiment
