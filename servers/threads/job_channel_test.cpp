#include "servers/threads/job_channel.hpp"

#include "core/support/clock.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

namespace kvduel::servers::threads {
namespace {

// The channel carries pointers and never looks behind them.
JobChannel::Job job(std::uintptr_t number) {
    return reinterpret_cast<JobChannel::Job>(number);
}

} // namespace

TEST_CASE("jobs leave in the order they came, round the ring, and a full channel says how many it took") {
    JobChannel channel(3, 1);
    const std::vector<JobChannel::Job> four{job(1), job(2), job(3), job(4)};
    CHECK(channel.push(four) == 3);
    CHECK(channel.depth() == 3);
    CHECK(channel.push({&four[3], 1}) == 0);
    CHECK(channel.pop(0) == job(1));
    CHECK(channel.push({&four[3], 1}) == 1);
    CHECK(channel.pop(0) == job(2));
    CHECK(channel.pop(0) == job(3));
    CHECK(channel.pop(0) == job(4));
    channel.close();
    CHECK(channel.pop(0) == nullptr);
}

TEST_CASE("a closed channel still gives what it holds, then wakes every worker") {
    JobChannel channel(8, 4);
    const JobChannel::Job one = job(7);
    REQUIRE(channel.push({&one, 1}) == 1);
    channel.close();
    CHECK(channel.pop(0) == one);

    JobChannel empty(8, 4);
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < 4; ++i) workers.emplace_back([&empty, i] { CHECK(empty.pop(i) == nullptr); });
    empty.close();
}

TEST_CASE("a job that an idle worker takes does not count against the capacity") {
    // A burst of two once got one 503 from a channel of depth 1 although four workers stood idle.
    JobChannel channel(1, 4);
    std::atomic<int> taken{0};
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < 4; ++i) {
        workers.emplace_back([&channel, &taken, i] {
            while (channel.pop(i) != nullptr) ++taken;
        });
    }
    while (channel.idle() < 4) std::this_thread::yield();
    const std::vector<JobChannel::Job> burst{job(1), job(2), job(3), job(4), job(5), job(6)};
    CHECK(channel.push(burst) == 5);
    channel.close();
    workers.clear();
    CHECK(taken == 5);
}

TEST_CASE("every job is taken exactly once, whatever the batches and however the workers park") {
    constexpr std::size_t kWorkers = 4;
    constexpr std::uintptr_t kJobs = 40'000;
    JobChannel channel(64, kWorkers);
    std::vector<std::atomic<int>> taken(kJobs + 1);
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < kWorkers; ++i) {
        workers.emplace_back([&channel, &taken, i] {
            while (const JobChannel::Job next = channel.pop(i))
                ++taken[reinterpret_cast<std::uintptr_t>(next)];
        });
    }
    std::vector<JobChannel::Job> batch;
    for (std::uintptr_t number = 1; number <= kJobs || !batch.empty();) {
        while (number <= kJobs && batch.size() < 1 + number % 7) batch.push_back(job(number++));
        const std::size_t sent = channel.push(batch);
        batch.erase(batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(sent));
        if (sent == 0) std::this_thread::yield(); // full: the workers empty it
    }
    channel.close();
    workers.clear();
    for (std::uintptr_t number = 1; number <= kJobs; ++number) REQUIRE(taken[number] == 1);
}

TEST_CASE("as many workers as one push has jobs for are woken by it") {
    constexpr std::size_t kWorkers = 100; // more than 64, which were woken at the most
    JobChannel channel(kWorkers, kWorkers);
    std::atomic<std::size_t> busy = 0;
    std::atomic<bool> is_over = false;
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < kWorkers; ++i)
        workers.emplace_back([&, i] {
            while (channel.pop(i) != nullptr) {
                ++busy; // and stays so: nobody comes back for a second job
                while (!is_over) std::this_thread::yield();
            }
        });
    while (channel.idle() < kWorkers) std::this_thread::yield();
    std::vector<JobChannel::Job> burst;
    for (std::uintptr_t number = 1; number <= kWorkers; ++number) burst.push_back(job(number));
    REQUIRE(channel.push(burst) == kWorkers);
    const auto deadline = Clock::now() + std::chrono::seconds(20);
    while (busy < kWorkers && Clock::now() < deadline) std::this_thread::yield();
    CHECK(busy == kWorkers);
    is_over = true;
    channel.close();
}

} // namespace kvduel::servers::threads
