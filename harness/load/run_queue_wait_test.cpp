#include "harness/load/run_queue_wait.hpp"

#include "harness/load/own_thread.hpp"

#include <doctest/doctest.h>
#include <sched.h>

#include <atomic>
#include <thread>

namespace kvduel::load {

namespace {

/// Two threads want one CPU, so each waits for the other. `judge` runs in the first.
template <typename Judge>
void share_a_cpu(Judge judge) {
    const int cpu = ::sched_getcpu();
    std::atomic<bool> is_over{false};
    std::jthread other([&] {
        run_on({cpu});
        while (!is_over) {
        }
    });
    std::jthread first([&] {
        run_on({cpu});
        judge();
        is_over = true;
    });
}

void work_until_waited(const RunQueueWait& wait, Duration enough) {
    const Duration before = wait.so_far().value();
    while (wait.so_far().value() - before < enough) {
    }
}

} // namespace

TEST_CASE("a thread that shares its CPU is told what it waited") {
    share_a_cpu([] {
        const RunQueueWait wait;
        REQUIRE(wait.so_far());
        work_until_waited(wait, std::chrono::milliseconds(5)); // ends by ctest's limit if it never grows
        CHECK(wait.so_far().value() >= std::chrono::milliseconds(5));
    });
}

TEST_CASE("what is waited by plan does not count, and what comes after it does") {
    share_a_cpu([] {
        const RunQueueWait all;
        RunQueueWait own;
        const Duration before = own.so_far().value();
        own.pause();
        work_until_waited(all, std::chrono::milliseconds(20));
        own.go_on();
        const Duration own_since =
            own.so_far().value() - before; // before the other, which can only grow meanwhile
        const Duration all_since = all.so_far().value();
        CHECK(own_since < all_since - std::chrono::milliseconds(10));
        work_until_waited(own, std::chrono::milliseconds(5));
    });
}

} // namespace kvduel::load
