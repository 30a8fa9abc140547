#pragma once

#include "servers/async/timer_room.hpp"
#include "servers/async/turn_queue.hpp"
#include "servers/common/lane.hpp"
#include "servers/common/service.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

namespace kvduel::servers::async {

/// An io_context and the threads that run it: one in `per-core`, all of them in `shared`. Each thread has its
/// Lane.
class EventLoop {
public:
    using Executor = boost::asio::io_context::executor_type;

    /// `first_lane` numbers this loop's threads among all of the server's.
    /// std::system_error when it gets no descriptors.
    EventLoop(Service& service, unsigned threads, std::size_t first_lane);
    ~EventLoop() { stop(); }
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    /// Starts the threads; std::system_error when one cannot be had.
    void start();
    /// Lets the threads end once nothing is left to do, and waits for them.
    void stop() noexcept;

    Executor executor() noexcept { return context_.get_executor(); }
    Service& service() noexcept { return service_; }
    TurnQueue& turns() noexcept { return turns_; }
    TimerRoom& timers() noexcept { return timers_; }

    /// Connections on this loop, for dealing and for the pages.
    std::atomic<std::uint64_t> connections{0};

    /// The Lane of the calling thread, which must be one of a loop's. A coroutine asks again after every
    /// co_await: on the shared runtime it may have changed threads.
    static Lane& this_lane() noexcept;

private:
    void run(std::size_t lane);

    Service& service_;
    const unsigned thread_count_;
    const std::size_t first_lane_;
    // The queue and the room go before it, so nothing may wait in it by then: stop() lets what has begun end,
    // and who is cut off ends with the process.
    boost::asio::io_context context_;
    TurnQueue turns_;
    TimerRoom timers_;
    boost::asio::executor_work_guard<Executor> keeps_running_;
    std::vector<std::jthread> threads_;
};

} // namespace kvduel::servers::async
