#include "harness/stats/family.hpp"
#include "harness/stats/paired_estimate.hpp"
#include "harness/stats/verdict.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <random>
#include <string>
#include <vector>

// Seeded simulations of whole runs: do the intervals cover as often as they say, and do families of alike
// contenders produce as few wins as they promise? docs/how-it-measures.md quotes the table; to print it:
//   build/release/bin/harness_stats_test --test-case="*cover*"

namespace kvduel::stats {
namespace {

enum class Noise { kNormal, kHeavyTailed, kDrifting };

constexpr double kTrialSd = 0.02; ///< CV of a trial, 2 %

/// Differences of runs of n blocks whose true difference is `centre`.
class Runs {
public:
    Runs(Noise noise, std::uint64_t seed) : noise_(noise), random_(seed) {}

    std::vector<double> draw(std::size_t n, double centre) {
        std::vector<double> differences;
        bool is_first_ahead = true;
        for (std::size_t block = 0; block < n; ++block) {
            // As trials are ordered: drawn in odd blocks, reversed in even ones.
            is_first_ahead = block % 2 == 0 ? (random_() & 1) != 0 : !is_first_ahead;
            const double slot = noise_ == Noise::kDrifting ? kTrialSd : 0;
            const double later = is_first_ahead ? slot : -slot; // what second gains by its place
            differences.push_back(centre + trial() - trial() + later);
        }
        return differences;
    }

private:
    /// Heavy tails: a tenth of the trials are hit by up to 5 sd.
    double trial() {
        double value = kTrialSd * normal_(random_);
        if (noise_ == Noise::kHeavyTailed && unit_(random_) < 0.1) value += 5 * kTrialSd * unit_(random_);
        return value;
    }

    Noise noise_;
    std::mt19937_64 random_;
    std::normal_distribution<double> normal_;
    std::uniform_real_distribution<double> unit_;
};

struct Coverage {
    double at95 = 0;
    double at90 = 0;
};

Coverage simulate_coverage(Noise noise, std::size_t n) {
    constexpr int kRuns = 4'000;
    constexpr double kCentre = 0.05;
    Runs runs(noise, 1'000 * n + static_cast<std::size_t>(noise));
    Coverage coverage;
    const auto holds = [](const Interval& interval) {
        return interval.lower <= kCentre && kCentre <= interval.upper;
    };
    for (int run = 0; run < kRuns; ++run) {
        const std::vector<double> differences = runs.draw(n, kCentre);
        const PairedEstimate estimate = estimate_paired(differences, 0.005);
        coverage.at95 += holds(*estimate.at95) ? 1.0 / kRuns : 0;
        coverage.at90 += holds(*estimate.at90) ? 1.0 / kRuns : 0;
    }
    return coverage;
}

/// Families of runs in which the first endpoint differs by `shift` and the others not; correlated inside a
/// trial, as one trial gives all five metrics of a cell.
struct Families {
    std::size_t endpoints;
    std::size_t blocks;
    double shift = 0; ///< of the first, before the scale
    double scale = 1;

    std::vector<Endpoint> draw(Noise noise, std::uint64_t seed) const {
        Runs own(noise, seed);
        Runs common(noise, seed + 1'000'000);
        std::vector<double> shared;
        std::vector<Endpoint> family(endpoints);
        for (std::size_t e = 0; e < endpoints; ++e) {
            if (e % 5 == 0) shared = common.draw(blocks, 0);
            const std::vector<double> alone = own.draw(blocks, e == 0 ? shift : 0);
            family[e].sd_floor = 0.005;
            for (std::size_t b = 0; b < blocks; ++b)
                family[e].by_block.emplace_back(scale * (alone[b] + shared[b]));
        }
        return family;
    }
};

/// Endpoints with the word "first" or "second".
std::vector<bool> wins(const std::vector<Endpoint>& family, double margin) {
    const auto p = adjusted_p(family);
    std::vector<bool> won;
    for (std::size_t e = 0; e < family.size(); ++e) {
        const Verdict verdict =
            decide({estimate_paired(family[e].present(), family[e].sd_floor), p[e], margin, true});
        won.push_back(verdict == Verdict::kFirst || verdict == Verdict::kSecond);
    }
    return won;
}

} // namespace

TEST_CASE("intervals cover the true difference as often as they say") {
    // Simulated with 4,000 runs, the standard error is 0.35 % at 95 and 0.5 % at 90: a band of 3 of these
    // below what is promised. Above that
    // it costs blocks, not truth: exact intervals of few blocks cover more than asked, and a drift whose
    // effect changes sign from block to block widens them.
    constexpr double kLeast95 = 0.9395;
    constexpr double kLeast90 = 0.885;
    constexpr double kMost95 = 0.995;
    const std::array<const char*, 3> names{"normal", "heavy-tailed", "drifting"};
    std::string table = "coverage in %, 95 / 90 % intervals:";
    for (const std::size_t n : {5U, 8U, 12U, 20U}) {
        table += "\n  n " + std::to_string(n);
        for (const Noise noise : {Noise::kNormal, Noise::kHeavyTailed, Noise::kDrifting}) {
            const Coverage coverage = simulate_coverage(noise, n);
            CAPTURE(n);
            INFO(std::string(names[static_cast<std::size_t>(noise)]));
            CHECK(coverage.at95 >= kLeast95);
            CHECK(coverage.at95 <= kMost95);
            CHECK(coverage.at90 >= kLeast90);
            std::array<char, 64> cell{};
            std::snprintf(cell.data(), cell.size(), "   %s %.1f / %.1f",
                          names[static_cast<std::size_t>(noise)], 100 * coverage.at95, 100 * coverage.at90);
            table += cell.data();
        }
    }
    MESSAGE(table);
}

TEST_CASE("families of alike contenders hold a win in no more than the stated share of runs") {
    constexpr int kFamilies = 400;
    for (const std::size_t blocks : {4U, 5U, 6U, 10U})
        for (const Noise noise : {Noise::kNormal, Noise::kHeavyTailed, Noise::kDrifting}) {
            CAPTURE(blocks);
            CAPTURE(static_cast<int>(noise));
            int with_win = 0;
            for (int i = 0; i < kFamilies; ++i) {
                const Families families{15, blocks};
                // No margin, so that the family's p alone is on trial.
                const std::vector<bool> won = wins(families.draw(noise, 7'000 + static_cast<unsigned>(i)), 0);
                if (std::find(won.begin(), won.end(), true) != won.end()) ++with_win;
            }
            CHECK(with_win <= 33); // 5 % are 20; 33 or more come once in 300 if the rate is kept
        }
}

TEST_CASE("a difference that matters is found, and the endpoints without one are not accused") {
    constexpr int kFamilies = 100;
    constexpr double kFamilyCv = 0.02 * std::numbers::sqrt2; // of a trial: its own noise and the shared one
    std::string table = "one of 15 endpoints differs: runs in which it is won, in %:";
    for (const std::size_t blocks : {5U, 8U, 12U})
        for (const double cv : {0.01, 0.03})
            for (const double ratio : {1.08, 1.25, 2.0}) {
                const double scale = cv / kFamilyCv;
                int found = 0;
                int accused = 0;
                for (int i = 0; i < kFamilies; ++i) {
                    const Families families{15, blocks, std::log(ratio) / scale, scale};
                    const std::vector<bool> won =
                        wins(families.draw(Noise::kNormal, 90'000 + static_cast<unsigned>(i)), 0.03);
                    found += won[0] ? 1 : 0;
                    accused += std::find(won.begin() + 1, won.end(), true) != won.end() ? 1 : 0;
                }
                CAPTURE(blocks);
                CAPTURE(cv);
                CAPTURE(ratio);
                CHECK(accused <= 13); // 5 % promised; 13 or more of 100 come once in 1,000
                if (ratio == 2.0) CHECK(found >= 99);
                if (blocks >= 8 && (ratio >= 1.25 || cv <= 0.01)) CHECK(found >= 90);
                std::array<char, 80> cell{};
                std::snprintf(cell.data(), cell.size(), "\n  n %zu, CV of a trial %.0f %%, ratio %.2f: %d",
                              blocks, 100 * cv, ratio, found * 100 / kFamilies);
                table += cell.data();
            }
    MESSAGE(table);
}

} // namespace kvduel::stats
