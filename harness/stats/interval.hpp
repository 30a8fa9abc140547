#pragma once

namespace kvduel::stats {

/// A confidence interval, both ends within.
struct Interval {
    double lower = 0;
    double upper = 0;

    bool operator==(const Interval&) const = default;
};

} // namespace kvduel::stats
