#include "harness/workload/scramble.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace kvduel::workload {

TEST_CASE("every value below n is hit exactly once") {
    for (const unsigned n : {1u, 2u, 3u, 4u, 5u, 7u, 8u, 9u, 255u, 256u, 257u, 1'000u, 10'000u, 65'537u}) {
        const Scramble scramble(n, Seed(3));
        std::vector<bool> hit(n);
        for (std::uint64_t i = 0; i < n; ++i) {
            const std::uint64_t value = scramble(i);
            REQUIRE(value < n);
            REQUIRE_FALSE(hit[value]);
            hit[value] = true;
        }
    }
}

TEST_CASE("the order depends on the seed alone, and neighbours part") {
    const Scramble first(10'000, Seed(1));
    const Scramble again(10'000, Seed(1));
    const Scramble other(10'000, Seed(2));
    int same = 0;
    int neighbours = 0;
    for (std::uint64_t i = 0; i < 9'999; ++i) {
        REQUIRE(first(i) == again(i));
        same += first(i) == other(i) ? 1 : 0;
        neighbours += first(i) + 1 == first(i + 1) ? 1 : 0;
    }
    CHECK(same < 20);
    CHECK(neighbours < 20);
}

} // namespace kvduel::workload
