#include "harness/experiment/judge/shared_lateness.hpp"

#include "harness/experiment/judge/compare.hpp"
#include "harness/experiment/judge/duel_for_test.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace kvduel::experiment {

namespace {

/// Eight blocks in which P99 of b is about `ratio` that of a, 1 ms, and the generator's lateness `late_us`.
Comparison p99_beside(double late_us, double ratio) {
    std::vector<TrialRecord> trials = duel(std::vector<double>(8, 1.0));
    for (TrialRecord& trial : trials) {
        const double scatter = 1 + 0.005 * std::sin(7.0 * trial.block);
        trial.latency.p99_us = 1'000 * scatter * (trial.contender == "b" ? ratio : 1.0);
        trial.send_lateness.p99_us = late_us;
    }
    for (Comparison& one : compare(trials, duellists()))
        if (one.metric == "latency_p99_us") return one;
    return {};
}

} // namespace

TEST_CASE("latencies that are alike by what the generator was late are not equivalent") {
    const Comparison alike = p99_beside(950, 1.01);
    CHECK(alike.verdict == ComparisonVerdict::kUndecided);
    REQUIRE(alike.warnings.size() == 1);
    CHECK(alike.warnings[0].code == kSharedLateness);
    CHECK(alike.warnings[0].message.find("in 8 of 8 blocks") != std::string::npos);
    CHECK(alike.reasons.empty());
    CHECK_FALSE(alike.blocks_needed);
    CHECK(verdict_of(alike) == alike.verdict); // its own figures say the same
}

TEST_CASE("up to the margin the generator's lateness hides no difference, and a win it cannot make") {
    CHECK(p99_beside(99, 1.01).verdict == ComparisonVerdict::kEquivalent);
    CHECK(p99_beside(99, 1.01).warnings.empty());
    CHECK(p99_beside(950, 1.5).verdict == ComparisonVerdict::kFirst);
    CHECK(p99_beside(950, 1.5).warnings.empty());
}

} // namespace kvduel::experiment
