#include "core/store/memory_budget.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <vector>

namespace kvduel::store {

TEST_CASE("a budget gives its last byte and not one more") {
    MemoryBudget budget(100, 1);
    CHECK(budget.try_draw(60));
    CHECK_FALSE(budget.try_draw(41));
    CHECK(budget.try_draw(40));
    CHECK_FALSE(budget.try_draw(1));
    budget.give_back(100);
    CHECK(budget.try_draw(100));
}

TEST_CASE("a draw that would wrap the counter is refused") {
    MemoryBudget budget(std::numeric_limits<std::uint64_t>::max(), 1);
    CHECK(budget.try_draw(10));
    CHECK_FALSE(budget.try_draw(std::numeric_limits<std::uint64_t>::max()));
}

TEST_CASE("a grain is 64 KiB, less where the shards could idle an eighth of the limit, never nothing") {
    CHECK(MemoryBudget(std::uint64_t{1} << 30, 64).grain() == 65'536);
    CHECK(MemoryBudget(1 << 20, 64).grain() == 2'048);
    CHECK(MemoryBudget(0, 64).grain() == 1);
}

TEST_CASE("one account alone uses its limit to the byte") {
    MemoryBudget budget(1 << 20, 1);
    MemoryCredit credit;
    std::uint64_t taken = 0;
    while (credit.try_take(1'000, budget)) taken += 1'000;
    CHECK(taken == 1'048'000);
    CHECK(credit.try_take((1 << 20) - taken, budget));
    CHECK_FALSE(credit.try_take(1, budget));
    CHECK(credit.used() == 1 << 20);
}

TEST_CASE("a refused take changes nothing") {
    MemoryBudget budget(1'000, 1);
    MemoryCredit credit;
    CHECK(credit.try_take(900, budget));
    const std::uint64_t idle = credit.idle();
    CHECK_FALSE(credit.try_take(101, budget));
    CHECK(credit.used() == 900);
    CHECK(credit.idle() == idle);
    CHECK(credit.try_take(100, budget));
}

TEST_CASE("idle credit never passes a grain, whatever is taken and given back") {
    MemoryBudget budget(std::uint64_t{1} << 30, 64);
    MemoryCredit credit;
    std::vector<std::uint64_t> held;
    for (std::uint64_t step = 0; step < 2'000; ++step) {
        if (step % 3 != 2) {
            held.push_back(step * 7'919 % 200'000);
            REQUIRE(credit.try_take(held.back(), budget));
        } else {
            credit.give_back(held.back(), budget);
            held.pop_back();
        }
        REQUIRE(credit.idle() <= budget.grain());
    }
}

TEST_CASE("what one account gives back another may take") {
    MemoryBudget budget(std::uint64_t{1} << 20, 2);
    MemoryCredit first;
    MemoryCredit second;
    CHECK(first.try_take(1'000'000, budget));
    CHECK_FALSE(second.try_take(500'000, budget));
    first.give_back(1'000'000, budget);
    CHECK(second.try_take(900'000, budget));
}

} // namespace kvduel::store
