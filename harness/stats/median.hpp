#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace kvduel::stats {

/// The middle of a few repetitions and how far they lie apart, all exact.
struct Spread {
    std::size_t n = 0;
    double median = 0; ///< of an even number: the mean of the two in the middle
    double min = 0;
    double max = 0;

    bool operator==(const Spread&) const = default;
};

/// None for no values. The values must be finite.
std::optional<Spread> spread_of(std::span<const double> values);

} // namespace kvduel::stats
