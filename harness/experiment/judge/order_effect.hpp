#pragma once

#include <optional>
#include <span>
#include <vector>

namespace kvduel::experiment {

/// A difference of one block, ln(second / first), and which of the two ran earlier in it.
struct OrderedDifference {
    double difference = 0;
    bool is_first_earlier = false;
};

/// The p of "it makes no odds who runs earlier": a two-sample t test of the blocks of one order against those
/// of the other. None if either order has fewer than three blocks. Order that matters does not bias an
/// estimate, as orders alternate, but it widens intervals and says that a trial leaves something behind.
/// Pure.
std::optional<double> order_effect(std::span<const OrderedDifference> differences, double sd_floor);

inline constexpr double kOrderAlpha = 0.01; ///< of a family, by Holm: below it there is a warning

} // namespace kvduel::experiment
