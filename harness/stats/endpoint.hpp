#pragma once

#include <optional>
#include <vector>

namespace kvduel::stats {

/// The paired differences of one metric of one cell, a member of a family of endpoints.
struct Endpoint {
    std::vector<std::optional<double>>
        by_block;        ///< the same blocks in all of a family; absent: no pair there
    double sd_floor = 0; ///< the least sd that a few blocks are believed (t_interval.hpp)

    /// The differences there are, in order.
    std::vector<double> present() const {
        std::vector<double> values;
        for (const auto& difference : by_block)
            if (difference) values.push_back(*difference);
        return values;
    }
};

} // namespace kvduel::stats
