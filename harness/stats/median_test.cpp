#include "harness/stats/median.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace kvduel::stats {

TEST_CASE("the median of an odd number is the middle value, of an even number the mean of the middle two") {
    CHECK(spread_of(std::vector<double>{3, 1, 2}) == Spread{3, 2, 1, 3});
    CHECK(spread_of(std::vector<double>{4, 1, 3, 2}) == Spread{4, 2.5, 1, 4});
    CHECK(spread_of(std::vector<double>{7}) == Spread{1, 7, 7, 7});
}

TEST_CASE("no values have no median") {
    CHECK_FALSE(spread_of({}).has_value());
}

} // namespace kvduel::stats
