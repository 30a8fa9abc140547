#include "harness/stats/verdict.hpp"

#include "harness/stats/blocks_needed.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

namespace kvduel::stats {
namespace {

/// Ratios, as a reader sees them.
Evidence evidence(double ratio, double lower90, double upper90, std::optional<double> p) {
    Evidence seen;
    seen.estimate.centre = std::log(ratio);
    seen.estimate.at90 = Interval{std::log(lower90), std::log(upper90)};
    seen.p_adjusted = p;
    seen.margin = 0.03;
    seen.is_higher_better = true;
    return seen;
}

} // namespace

TEST_CASE("the four words, on both sides of each boundary") {
    struct Row {
        Evidence seen;
        Verdict verdict;
        const char* why;
    };
    const Row rows[] = {
        {evidence(1.05, 1.04, 1.06, 0.05), Verdict::kSecond, "significant and past the margin"},
        {evidence(1.05, 1.04, 1.06, 0.0501), Verdict::kUndecided, "not significant"},
        {evidence(1.05, 1.04, 1.06, std::nullopt), Verdict::kUndecided, "no p"},
        {evidence(0.95, 0.94, 0.96, 0.01), Verdict::kFirst, "the other way"},
        {evidence(1.0301, 1.029, 1.04, 0.01), Verdict::kSecond, "just past the margin"},
        {evidence(1.0299, 1.02, 1.04, 0.01), Verdict::kUndecided, "significant but below the margin"},
        {evidence(1.01, 0.98, 1.0299, 1), Verdict::kEquivalent, "inside"},
        {evidence(1.01, 0.98, 1.0301, 1), Verdict::kUndecided, "upper end outside"},
        {evidence(1.00, 0.9708, 1.02, 1), Verdict::kUndecided, "1 / 1.03 is 0.97087: lower end outside"},
        {evidence(1.00, 0.9709, 1.02, 1), Verdict::kEquivalent, "lower end inside"},
        {evidence(1.02, 1.015, 1.025, 0.0001), Verdict::kEquivalent, "however significant, it is no win"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        CHECK(decide(row.seen) == row.verdict);
    }
}

TEST_CASE("where less is better the lower one wins, and a factor and its inverse weigh the same") {
    Evidence seen = evidence(1.05, 1.04, 1.06, 0.01);
    seen.is_higher_better = false;
    CHECK(decide(seen) == Verdict::kFirst);
    seen.estimate.centre = -std::log(1.0301);
    CHECK(decide(seen) == Verdict::kSecond);
}

TEST_CASE("without an interval nothing is equivalent") {
    Evidence seen = evidence(1, 1, 1, std::nullopt);
    seen.estimate.at90.reset();
    CHECK(decide(seen) == Verdict::kUndecided);
}

TEST_CASE("blocks that show equals to be equal are near those of the simulated table") {
    // For margin 3 % and trials of CV 1, 2, 3 %, i.e. differences of sqrt(2) times that: 6, 13, 30
    // (simulated, with the signed rank); margin 10 %, CV 5 %: 9.
    const auto is_near = [](double margin, double cv, double simulated) {
        const auto needed = static_cast<double>(*blocks_needed({0, cv * std::numbers::sqrt2, margin, 1}));
        CAPTURE(needed);
        CHECK(std::abs(needed - simulated) <= 2 + simulated / 8);
    };
    is_near(0.03, 0.01, 6);
    is_near(0.03, 0.02, 13);
    is_near(0.03, 0.03, 30);
    is_near(0.10, 0.05, 9);
}

TEST_CASE("more noise and more endpoints need more blocks, a larger difference fewer") {
    const auto needed = [](double centre, double sd, std::size_t endpoints) {
        return *blocks_needed({centre, sd, 0.03, endpoints});
    };
    CHECK(needed(0.08, 0.02, 1) < needed(0.08, 0.04, 1));
    CHECK(needed(0.08, 0.04, 1) < needed(0.08, 0.04, 100));
    CHECK(needed(0.20, 0.04, 1) < needed(0.08, 0.04, 1));
    CHECK(needed(-0.08, 0.04, 9) == needed(0.08, 0.04, 9));
    CHECK(needed(5, 0.001, 1) == 3);
}

TEST_CASE("no number of blocks is named where none would do") {
    CHECK_FALSE(blocks_needed({std::log(1.03), 0.02, 0.03, 1})); // on the margin
    CHECK_FALSE(blocks_needed({0, 1, 0.03, 1}));                 // far too noisy
    CHECK_FALSE(blocks_needed({0.0295, 0.02, 0.03, 1}));
}

} // namespace kvduel::stats
