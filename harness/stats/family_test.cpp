#include "harness/stats/family.hpp"

#include "harness/stats/holm.hpp"
#include "harness/stats/sign_flip.hpp"
#include "harness/stats/t_interval.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

namespace kvduel::stats {
namespace {

Endpoint endpoint(std::vector<std::optional<double>> by_block, double sd_floor = 0.005) {
    return {std::move(by_block), sd_floor};
}

/// |t| of the values with these signs.
double t_of(const Endpoint& of, std::uint64_t signs) {
    std::vector<double> values;
    for (std::size_t b = 0; b < of.by_block.size(); ++b)
        if (of.by_block[b]) values.push_back((signs >> b & 1) != 0 ? -*of.by_block[b] : *of.by_block[b]);
    const Moments moments = moments_of(values, kLeastSd);
    return std::abs(moments.mean) * std::sqrt(moments.n) / moments.sd;
}

/// By the definition, over all sign vectors.
std::vector<double> by_brute_force(const std::vector<Endpoint>& family) {
    const std::uint64_t vectors = std::uint64_t{1} << family.front().by_block.size();
    std::vector<double> p(family.size(), 0.0);
    for (std::uint64_t signs = 0; signs < vectors; ++signs) {
        double most = 0;
        for (const Endpoint& of : family) most = std::max(most, t_of(of, signs));
        for (std::size_t e = 0; e < family.size(); ++e)
            if (most >= t_of(family[e], 0) * (1 - 1e-9)) p[e] += 1.0 / static_cast<double>(vectors);
    }
    return p;
}

std::vector<Endpoint> noise(std::size_t endpoints, std::size_t blocks, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal(0.0, 0.02);
    std::vector<Endpoint> family(endpoints);
    for (Endpoint& of : family)
        for (std::size_t b = 0; b < blocks; ++b) of.by_block.emplace_back(normal(random));
    return family;
}

} // namespace

TEST_CASE("Holm's adjustment, worked by hand") {
    const std::vector<double> p{0.01, 0.04, 0.03, 0.005};
    const std::vector<double> adjusted = holm(p);
    CHECK(adjusted[3] == doctest::Approx(0.02));
    CHECK(adjusted[0] == doctest::Approx(0.03));
    CHECK(adjusted[2] == doctest::Approx(0.06));
    CHECK(adjusted[1] == doctest::Approx(0.06)); // 0.04 x 1, but never less than one with a smaller p
    CHECK(holm(std::vector<double>{0.6, 0.7})[1] == 1);
    CHECK(holm({}).empty());
}

TEST_CASE("sign flips by one step each give what all sign vectors give, with pairs missing, too") {
    std::vector<Endpoint> family = noise(5, 9, 3);
    family[1].by_block[4].reset();
    family[2].by_block[0].reset();
    family[2].by_block[8].reset();
    for (auto& difference : family[3].by_block) *difference += 0.05;
    const std::vector<double> expected = by_brute_force(family);
    const std::vector<double> p = sign_flip_max_t(family);
    for (std::size_t e = 0; e < family.size(); ++e) CHECK(p[e] == doctest::Approx(expected[e]).epsilon(1e-9));
    CHECK(p[3] < 0.05);
}

TEST_CASE("the smallest p is two in 2^n for any number of endpoints") {
    std::vector<Endpoint> family = noise(40, 6, 5);
    for (Endpoint& of : family)
        for (auto& difference : of.by_block) *difference = 1 + *difference / 100;
    for (const double p : sign_flip_max_t(family)) CHECK(p <= 1);
    CHECK(sign_flip_max_t(std::vector<Endpoint>(1, family[0]))[0] == doctest::Approx(2.0 / 64));
}

TEST_CASE("blocks that are all alike give no p below the least, and none that is no number") {
    const std::vector<Endpoint> zero(2, endpoint(std::vector<std::optional<double>>(8, 0.0)));
    for (const double p : sign_flip_max_t(zero)) CHECK(p == 1);
    const std::vector<Endpoint> same(1, endpoint(std::vector<std::optional<double>>(8, 0.5)));
    CHECK(sign_flip_max_t(same)[0] == doctest::Approx(2.0 / 256));
}

TEST_CASE("drawn sign vectors agree with all of them, and come the same every time") {
    std::vector<Endpoint> family = noise(4, kMostExhaustiveBlocks, 11);
    for (auto& difference : family[0].by_block) *difference += 0.008;
    const std::vector<double> all = sign_flip_max_t(family);
    for (Endpoint& of : family) of.by_block.emplace_back(); // a block without any pair: one over the limit
    const std::vector<double> drawn = sign_flip_max_t(family);
    for (std::size_t e = 0; e < family.size(); ++e)
        CHECK(std::abs(drawn[e] - all[e]) < 5 * std::sqrt(all[e] * (1 - all[e]) / kMostDraws) + 1e-3);
    CHECK(sign_flip_max_t(family) == drawn);
}

TEST_CASE("three to five pairs are judged by t and Holm") {
    const std::vector<Endpoint> family{endpoint({0.10, 0.12, 0.11}), endpoint({0.01, -0.02, 0.00})};
    const auto p = adjusted_p(family);
    CHECK(*p[0] == doctest::Approx(2 * t_test(moments_of(std::vector<double>{0.10, 0.12, 0.11}, 0.005))));
    CHECK(*p[1] == doctest::Approx(t_test(moments_of(std::vector<double>{0.01, -0.02, 0.00}, 0.005))));
}

TEST_CASE("endpoints with fewer than three pairs have no p and do not weigh on the others") {
    std::vector<Endpoint> family{endpoint({0.10, 0.12, 0.11}), endpoint({0.3, 0.3, std::nullopt}),
                                 endpoint({std::nullopt, std::nullopt, std::nullopt})};
    const auto p = adjusted_p(family);
    CHECK_FALSE(p[1]);
    CHECK_FALSE(p[2]);
    CHECK(*p[0] == doctest::Approx(t_test(moments_of(std::vector<double>{0.10, 0.12, 0.11}, 0.005))));
    CHECK(adjusted_p({}).empty());
}

TEST_CASE("a family with few and many pairs shares its error by the number of endpoints") {
    std::vector<Endpoint> family = noise(3, 8, 7);
    for (std::size_t b = 4; b < 8; ++b) family[1].by_block[b].reset();
    const auto p = adjusted_p(family);
    const std::vector<Endpoint> many{family[0], family[2]};
    const std::vector<double> alone = sign_flip_max_t(many);
    CHECK(*p[0] == doctest::Approx(std::min(1.0, alone[0] * 3 / 2)));
    CHECK(*p[2] == doctest::Approx(std::min(1.0, alone[1] * 3 / 2)));
    CHECK(*p[1] == doctest::Approx(std::min(1.0, 3 * t_test(moments_of(family[1].present(), 0)))));
}

} // namespace kvduel::stats
