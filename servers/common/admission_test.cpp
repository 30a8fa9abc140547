#include "servers/common/admission.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

namespace kvduel::servers {

TEST_CASE("no more tickets than the limit, and a ticket gives its place back once") {
    Admission admission(2);
    auto first = admission.try_admit();
    auto second = admission.try_admit();
    REQUIRE(first);
    REQUIRE(second);
    CHECK_FALSE(admission.try_admit());
    CHECK(admission.in_flight() == 2);

    Admission::Ticket moved = std::move(*first);
    first.reset(); // an empty ticket gives nothing back
    CHECK_FALSE(admission.try_admit());
    { Admission::Ticket ends = std::move(moved); }
    CHECK(admission.in_flight() == 1);
    CHECK(admission.try_admit());
}

TEST_CASE("under contention the count returns to zero and never passes the limit") {
    Admission admission(3);
    std::atomic<int> inside{0};
    std::atomic<bool> exceeded{false};
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 20'000; ++round) {
                const auto ticket = admission.try_admit();
                if (!ticket) continue;
                if (inside.fetch_add(1) + 1 > 3) exceeded = true;
                inside.fetch_sub(1);
            }
        });
    }
    threads.clear();
    CHECK_FALSE(exceeded);
    CHECK(admission.in_flight() == 0);
}

} // namespace kvduel::servers
