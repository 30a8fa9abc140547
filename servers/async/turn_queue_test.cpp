#include "servers/async/turn_queue.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace kvduel::servers::async {
namespace {

namespace asio = boost::asio;
using Flow = asio::awaitable<void, TurnQueue::Executor>;

void compute_for(Duration time) {
    const TimePoint end = Clock::now() + time;
    while (Clock::now() < end) {
    }
}

/// Stands for a request that is read at once and computes for `time` in its turn.
Flow handle_one(TurnQueue* turns, char name, Duration time, std::string* seen) {
    TurnQueue::Place place;
    co_await turns->next(place);
    seen->push_back(name);
    compute_for(time);
}

void spawn(asio::io_context& context, Flow flow) {
    asio::co_spawn(context.get_executor(), std::move(flow), asio::detached);
}

Flow take_turns(TurnQueue* turns, int count, std::atomic<int>* taken) {
    TurnQueue::Place place;
    for (int i = 0; i < count; ++i) {
        co_await turns->next(place);
        taken->fetch_add(1, std::memory_order_relaxed);
    }
}

} // namespace

TEST_CASE(
    "turns come in the order in which they were asked for, and between two long ones the loop goes on") {
    asio::io_context context(1);
    TurnQueue turns(context.get_executor(), 1);
    std::string seen;
    for (const char name : {'a', 'b', 'c'})
        spawn(context, handle_one(&turns, name, 2 * TurnQueue::kTurnTime, &seen));
    asio::post(context, [&] {
        seen.push_back('1');
        asio::post(context, [&] {
            seen.push_back('2');
            asio::post(context, [&] { seen.push_back('3'); });
        });
    });
    context.run();
    CHECK(seen.find('a') < seen.find('b'));
    CHECK(seen.find('b') < seen.find('c'));
    // Posted handlers would have run a, b and c before 2.
    CHECK(seen.find('2') < seen.find('b'));
    CHECK(seen.find('3') < seen.find('c'));
    CHECK(seen.size() == 6);
}

TEST_CASE("every waiter on a loop of several threads gets each of its turns, once, and the loop ends") {
    constexpr int kWaiters = 50;
    constexpr int kTurns = 400;
    constexpr std::size_t kThreads = 4;
    asio::io_context context(static_cast<int>(kThreads));
    TurnQueue turns(context.get_executor(), kThreads);
    std::atomic<int> taken{0};
    for (int i = 0; i < kWaiters; ++i) spawn(context, take_turns(&turns, kTurns, &taken));
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < kThreads; ++i) threads.emplace_back([&context] { context.run(); });
    }
    CHECK(taken == kWaiters * kTurns);
}

} // namespace kvduel::servers::async
