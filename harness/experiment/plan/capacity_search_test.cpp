#include "harness/experiment/plan/capacity_search.hpp"

#include "harness/workload/random.hpp"

#include <doctest/doctest.h>

#include <cstdint>

namespace kvduel::experiment {

namespace {

/// Passes below `limit` and fails from it on.
CapacitySearch search_sharp(double limit, double start = 1'000) {
    CapacitySearch search(start, 10, 1e6);
    while (const auto rate = search.next_rate()) search.take(*rate < limit);
    return search;
}

} // namespace

TEST_CASE("a sharp limit is enclosed to 5 % wherever it lies") {
    for (double limit = 11; limit < 9e5; limit *= 1.7) {
        const CapacitySearch search = search_sharp(limit);
        REQUIRE(search.state() == SearchState::kFound);
        CHECK(*search.lower() < limit);
        CHECK(*search.upper() >= limit);
        CHECK(*search.upper() / *search.lower() <= kSearchWidth);
        CHECK(search.trials() < 30);
    }
}

TEST_CASE("a limit outside the range is said to be there, not guessed") {
    CHECK(search_sharp(5).state() == SearchState::kBelowRange);
    CHECK_FALSE(search_sharp(5).lower());
    CHECK(search_sharp(2e6).state() == SearchState::kAboveRange);
    CHECK_FALSE(search_sharp(2e6).upper());
}

TEST_CASE("a rate that cannot be judged is stayed under, and the upper end is left open") {
    CapacitySearch search(1'000, 10, 1e6);
    while (const auto rate = search.next_rate()) {
        if (*rate > 50'000)
            search.take_invalid();
        else
            search.take(true);
    }
    CHECK(search.state() == SearchState::kUnjudged);
    REQUIRE(search.lower());
    CHECK(*search.lower() > 47'000);
    CHECK_FALSE(search.upper());
}

TEST_CASE("a search ends, whatever comes in") {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        workload::Draw draw(workload::Seed(seed), 1, 0);
        CapacitySearch search(1'000, 10, 1e6);
        unsigned trials = 0;
        while (search.next_rate() && trials <= kMostSearchTrials) {
            const std::uint64_t what = draw.bits() % 3;
            if (what == 2)
                search.take_invalid();
            else
                search.take(what == 0);
            ++trials;
        }
        CHECK(search.state() != SearchState::kSearching);
        CHECK(trials <= kMostSearchTrials);
    }
    CapacitySearch never(1'000, 10, 1e6);
    while (never.next_rate()) never.take_invalid();
    CHECK(never.state() == SearchState::kUnjudged);
}

} // namespace kvduel::experiment
