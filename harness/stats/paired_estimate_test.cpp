#include "harness/stats/paired_estimate.hpp"

#include "harness/stats/median_interval.hpp"
#include "harness/stats/t_interval.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace kvduel::stats {

TEST_CASE("one and two blocks have an estimate and no interval") {
    const std::vector<double> two{0.1, 0.2};
    const PairedEstimate estimate = estimate_paired(two, 0.005);
    CHECK(estimate.centre == doctest::Approx(0.15));
    CHECK_FALSE(estimate.at95);
    CHECK_FALSE(estimate.at90);
}

TEST_CASE("three to five blocks have Student's interval, worked by hand") {
    // Mean 2, sd 1: 2 -+ 4.30265 / sqrt(3) at 95 %, 2.91999 at 90 %.
    const std::vector<double> three{1, 2, 3};
    const PairedEstimate estimate = estimate_paired(three, 0.005);
    REQUIRE(estimate.at95);
    CHECK(estimate.at95->lower == doctest::Approx(-0.484138).epsilon(1e-5));
    CHECK(estimate.at95->upper == doctest::Approx(4.484138).epsilon(1e-5));
    CHECK(estimate.at90->lower == doctest::Approx(0.314149).epsilon(1e-5));
    CHECK(t_test(moments_of(three, 0)) == doctest::Approx(0.0741799).epsilon(1e-5));
}

TEST_CASE("three blocks that happen to agree have the width of the floor, not none") {
    const std::vector<double> same{0.01, 0.01, 0.01};
    const PairedEstimate estimate = estimate_paired(same, 0.005);
    CHECK(estimate.at95->upper - estimate.at95->lower == doctest::Approx(2 * 4.302653 * 0.005 / 1.7320508));
    const std::vector<double> apart{0.01, 0.03, 0.05};
    CHECK(estimate_paired(apart, 0.005).at95 == estimate_paired(apart, 0).at95);
}

TEST_CASE("six blocks have the signed rank's interval, in which one block's outlier is bounded by its pair") {
    const std::vector<double> six{1, 2, 3, 4, 5, 900};
    const PairedEstimate estimate = estimate_paired(six, 5);
    CHECK(estimate.centre == 3.5);
    CHECK(estimate.at95 == Interval{1, 900});
    CHECK(estimate.at90->lower == 2);
}

TEST_CASE("the interval of a median runs between two of the values") {
    const std::vector<double> values{3, 1, 2, 9, 5, 4, 7, 8, 6};
    CHECK_FALSE(median_interval(std::vector<double>{1, 2, 3, 4, 5}, 0.95));
    CHECK(median_interval(std::vector<double>{6, 1, 2, 3, 4, 5}, 0.95) == Interval{1, 6});
    CHECK(median_interval(values, 0.95) == Interval{2, 8}); // n 9: the second, which covers 96.1 %
    std::vector<double> many;
    for (int i = 1; i <= 20; ++i) many.push_back(i);
    CHECK(median_interval(many, 0.95) == Interval{6, 15}); // n 20: the sixth, which covers 95.9 %
    for (int i = 21; i <= 2'000; ++i) many.push_back(i);
    CHECK(median_interval(many, 0.95) == Interval{956, 1'045}); // 2^-2000 underflows
}

} // namespace kvduel::stats
