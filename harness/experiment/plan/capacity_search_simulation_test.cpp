#include "harness/experiment/plan/capacity_search.hpp"
#include "harness/workload/random.hpp"

#include <doctest/doctest.h>

#include <cmath>

// A seeded simulation of whole searches; docs/how-it-measures.md quotes the shares.

namespace kvduel::experiment {

namespace {

/// Pass chance logistic in ln(rate), one half at `half`. In a share of the trials the generator is `late`,
/// and they are taken as judge_step() takes such.
CapacitySearch search_noisy(double half, double scale, std::uint64_t seed, double late = 0) {
    workload::Draw draw(workload::Seed(seed), 0, 0);
    CapacitySearch search(1'000, 10, 1e6);
    while (const auto rate = search.next_rate()) {
        const bool holds = draw.unit() < 1 / (1 + std::exp(std::log(*rate / half) / scale));
        const bool is_late = draw.unit() < late;
        if (!is_late || holds || search.confirms_lower())
            search.take(holds);
        else
            search.take_invalid();
    }
    return search;
}

} // namespace

TEST_CASE(
    "under noise the interval holds the rate that passes half the time in 98 % of searches, in few trials") {
    struct Row {
        double scale;
        unsigned most_mean_trials;
        double most_mean_width;
    };
    constexpr unsigned kRuns = 2'000;
    for (const Row& row : {Row{0.01, 45, 0.08}, Row{0.02, 60, 0.12}, Row{0.03, 75, 0.16}}) {
        unsigned held = 0;
        double trials = 0;
        double width = 0;
        for (unsigned run = 0; run < kRuns; ++run) {
            const double half = 300 * std::pow(1.001, run);
            const CapacitySearch search = search_noisy(half, row.scale, run);
            REQUIRE(search.state() == SearchState::kFound);
            if (*search.lower() < half && half < *search.upper()) ++held;
            trials += search.trials();
            width += *search.upper() / *search.lower() - 1;
        }
        INFO("scale ", row.scale, " held ", held, " trials ", trials / kRuns, " width ", width / kRuns);
        CHECK(held >= 0.98 * kRuns);
        CHECK(trials / kRuns < row.most_mean_trials);
        CHECK(width / kRuns < row.most_mean_width);
    }
}

TEST_CASE("a generator that is late, even always, makes no lower end that the server does not hold") {
    constexpr unsigned kRuns = 1'000;
    for (const double late : {0.3, 0.5, 1.0}) {
        unsigned above = 0;
        for (unsigned run = 0; run < kRuns; ++run) {
            const double half = 300 * std::pow(1.001, run);
            const CapacitySearch search = search_noisy(half, 0.02, run, late);
            if (search.lower() && *search.lower() >= half) ++above;
        }
        INFO("late ", late, " above ", above);
        CHECK(above <= 0.02 * kRuns);
    }
}

} // namespace kvduel::experiment
