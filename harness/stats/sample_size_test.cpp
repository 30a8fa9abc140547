#include "harness/stats/sample_size.hpp"

#include <doctest/doctest.h>

namespace kvduel::stats {

TEST_CASE("the fewest samples of a percentile are those of the published table") {
    const struct {
        double q;
        std::uint64_t at_one;
        std::uint64_t at_ten;
    } rows[] = {
        {0.5, 11, 35}, {0.9, 64, 197}, {0.99, 662, 2'010}, {0.999, 6'636, 20'140}, {0.9999, 66'381, 201'442}};
    for (const auto& row : rows) {
        CHECK(least_samples(row.q, 1) == row.at_one);
        CHECK(least_samples(row.q, 10) == row.at_ten);
    }
}

} // namespace kvduel::stats
