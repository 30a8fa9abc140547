#include "harness/load/pool.hpp"
#include "harness/load/scripted_server_for_test.hpp"
#include "harness/load/trial.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <new>
#include <optional>

// Counts what this program's threads allocate, each for itself.
namespace {
thread_local std::uint64_t allocations = 0;

void* allocate(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}
} // namespace

[[gnu::noinline]] void* operator new(std::size_t size) {
    return allocate(size);
}
[[gnu::noinline]] void* operator new[](std::size_t size) {
    return allocate(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace kvduel::load {

namespace {

/// Allocations of `turns` turns of the loop, once every connection has met what it will meet.
std::uint64_t allocations_in_turns(bool in_pieces, unsigned pipeline, std::optional<double> rate, int turns,
                                   bool may_spin = false) {
    ScriptedServer server(
        [store = ScriptedStore(), in_pieces](const ScriptedServer::Request& request) mutable {
            return ScriptedServer::Answer{
                .bytes = store(request), .after = ScriptedServer::After::kKeep, .in_pieces = in_pieces};
        });
    Plan plan;
    plan.target.port = server.port();
    plan.workload.keys = 5;
    plan.workload.mix = {.get = 0.5, .post = 0.5};
    plan.rate_per_s = rate;
    plan.arrivals = workload::ArrivalKind::kPoisson;
    const Address address = *make_address(plan.target);
    TrialShared shared(plan, address.text);
    Tally tally;
    tally.reserve(
        std::chrono::hours(1)); // an interval outlasts the test: its turn is the one thing that allocates
    Trial trial(shared, 0, tally);
    const TimePoint start = Clock::now();
    trial.begin(start, start, start + std::chrono::hours(1));
    Pool<Trial> pool(
        {.address = address,
         .connections = 4,
         .pipeline = pipeline,
         .timeout = std::chrono::seconds(60),
         .response_limits = {.max_body_bytes = 1 << 20, .kept_body_bytes = plan.workload.value_bytes},
         .schedule = trial.schedule(),
         .may_spin = may_spin},
        trial);
    REQUIRE(pool.start_epoll());
    TimePoint now = Clock::now();
    pool.open_all(now);
    while (pool.is_opening()) now = pool.turn(now, TimePoint::max()).ended;
    pool.run(now);
    // A connection's first cut answer takes the memory that later ones reuse, and comes when it comes.
    constexpr int kRounds = 20;
    std::uint64_t of_round = 1;
    for (int round = 0; round < kRounds && of_round > 0; ++round) {
        const std::uint64_t before = allocations;
        for (int i = 0; i < turns; ++i) now = pool.turn(now, TimePoint::max()).ended;
        of_round = allocations - before;
    }
    // Nearly all were verified: only the first reads of a key can come before its first write.
    const LoadResult result = tally.close();
    CHECK(result.requests.errors.verification == 0);
    CHECK(result.requests.succeeded > 10 * result.requests.errors.status);
    return of_round;
}

} // namespace

TEST_CASE("from recv to send nothing is allocated: whole answers, cut answers, pipelines") {
    CHECK(allocations_in_turns(false, 1, std::nullopt, 2'000) == 0);
    CHECK(allocations_in_turns(true, 1, std::nullopt, 2'000) == 0);
    CHECK(allocations_in_turns(false, 8, std::nullopt, 2'000) == 0);
}

TEST_CASE("nor is it where a closed loop sweeps its connections") {
    CHECK(allocations_in_turns(false, 1, std::nullopt, 20'000, true) == 0);
    CHECK(allocations_in_turns(true, 1, std::nullopt, 20'000, true) == 0);
    CHECK(allocations_in_turns(false, 8, std::nullopt, 20'000, true) == 0);
}

TEST_CASE("nor is it in an open loop, with a backlog or without") {
    CHECK(allocations_in_turns(false, 1, 1'000'000, 2'000) == 0);
    CHECK(allocations_in_turns(false, 8, 1'000'000, 2'000) == 0);
    CHECK(allocations_in_turns(false, 1, 10'000, 2'000) == 0);
}

} // namespace kvduel::load
