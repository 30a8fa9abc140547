#include "harness/gate/gate_plan.hpp"

#include "harness/gate/gate_for_test.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

namespace kvduel::gate {

using experiment::PlannedTrial;

namespace {

std::vector<Duel> four_duels() {
    const GateRequest request = two_servers();
    return make_duellists(request, builds_of(request)).duels;
}

} // namespace

TEST_CASE("a block has every duel once, base and head as neighbours") {
    const auto trials = plan_block(four_duels(), 3, 7);
    REQUIRE(trials.size() == 8);
    for (std::size_t i = 0; i < trials.size(); i += 2) {
        CHECK(trials[i].scenario == trials[i + 1].scenario);
        CHECK(trials[i].group == trials[i + 1].group);
        CHECK(trials[i].contender != trials[i + 1].contender);
        CHECK(trials[i].block == 3);
        CHECK(trials[i].order_in_block == i + 1);
    }
}

TEST_CASE("an even block is the reverse of the one before it, so that places balance") {
    const std::vector<Duel> duels = four_duels();
    std::map<std::size_t, int> first;
    for (unsigned block = 1; block <= 16; block += 2) {
        const auto odd = plan_block(duels, block, 7);
        auto even = plan_block(duels, block + 1, 7);
        std::ranges::reverse(even);
        for (std::size_t i = 0; i < odd.size(); ++i) {
            CHECK(odd[i].contender == even[i].contender);
            CHECK(odd[i].scenario == even[i].scenario);
        }
    }
    for (unsigned block = 1; block <= 16; ++block) {
        const auto trials = plan_block(duels, block, 7);
        for (std::size_t i = 0; i < trials.size(); i += 2) ++first[trials[i].contender];
    }
    for (const Duel& duel : duels) CHECK(first[duel.base] == first[duel.head]);
}

TEST_CASE("the seed decides the order") {
    const std::vector<Duel> duels = four_duels();
    CHECK(plan_block(duels, 1, 7) == plan_block(duels, 1, 7));
    bool differs = false;
    for (std::uint64_t seed = 8; seed < 16; ++seed)
        differs |= plan_block(duels, 1, 7) != plan_block(duels, 1, seed);
    CHECK(differs);
}

} // namespace kvduel::gate
