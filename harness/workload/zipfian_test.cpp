#include "harness/workload/zipfian.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

namespace kvduel::workload {

namespace {

std::vector<double> probabilities(std::uint64_t n, double theta) {
    std::vector<double> p(n);
    double sum = 0;
    for (std::uint64_t k = 1; k <= n; ++k) sum += p[k - 1] = std::pow(static_cast<double>(k), -theta);
    for (double& value : p) value /= sum;
    return p;
}

/// Chi-square, as standard deviations from its mean (Wilson and Hilferty 1931).
double chi_square_z(const std::vector<double>& expected, const std::vector<double>& seen) {
    double chi_square = 0;
    for (std::size_t i = 0; i < expected.size(); ++i)
        chi_square += (seen[i] - expected[i]) * (seen[i] - expected[i]) / expected[i];
    const double freedom = static_cast<double>(expected.size() - 1);
    const double variance = 2.0 / (9.0 * freedom);
    return (std::cbrt(chi_square / freedom) - (1.0 - variance)) / std::sqrt(variance);
}

} // namespace

TEST_CASE("ranks follow k^-theta: chi-square over 1,000 ranks, theta below, at and above 1") {
    constexpr int kDraws = 1'000'000;
    for (const double theta : {0.5, 0.99, 1.0, 1.2}) {
        CAPTURE(theta);
        const Zipfian zipfian(1'000, theta);
        std::vector<double> seen(1'000);
        for (int i = 0; i < kDraws; ++i) {
            Draw draw(Seed(5), 0, static_cast<std::uint64_t>(i));
            const std::uint64_t rank = zipfian.sample(draw);
            REQUIRE(rank >= 1);
            REQUIRE(rank <= 1'000);
            seen[rank - 1] += 1;
        }
        std::vector<double> expected = probabilities(1'000, theta);
        for (double& value : expected) value *= kDraws;
        CHECK(std::abs(chi_square_z(expected, seen)) < 3.5);
    }
}

TEST_CASE("the hottest rank has the share that theory gives it") {
    struct Row {
        std::uint64_t n;
        double share;
    };
    for (const Row& row : {Row{1'000, 0.129}, Row{100'000, 0.0783}, Row{1'000'000, 0.0650}}) {
        const Zipfian zipfian(row.n, 0.99);
        int hits = 0;
        for (int i = 0; i < 400'000; ++i) {
            Draw draw(Seed(9), 1, static_cast<std::uint64_t>(i));
            hits += zipfian.sample(draw) == 1 ? 1 : 0;
        }
        CHECK(hits / 400'000.0 == doctest::Approx(row.share).epsilon(0.02));
    }
}

TEST_CASE("one key is always rank 1, and an extreme theta stays in range") {
    for (const double theta : {0.01, 0.99, 20.0}) {
        const Zipfian one(1, theta);
        const Zipfian many(50, theta);
        for (std::uint64_t i = 0; i < 1'000; ++i) {
            Draw draw(Seed(1), 0, i);
            REQUIRE(one.sample(draw) == 1);
            const std::uint64_t rank = many.sample(draw);
            REQUIRE((rank >= 1 && rank <= 50));
        }
    }
}

} // namespace kvduel::workload
