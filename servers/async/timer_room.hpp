#pragma once

#include "core/support/clock.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <mutex>

namespace kvduel::servers::async {

/// Sees to it that Asio has room for every timer of a loop. Asio keeps those that are under way in a heap
/// which grows with the most there ever were, and never shrinks; without memory for it a wait would fail
/// where no coroutine can catch it. Threads of the loop.
class TimerRoom {
public:
    using Executor = boost::asio::io_context::executor_type;
    using Timer = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor>;

    explicit TimerRoom(Executor executor) noexcept : executor_(executor) {}
    TimerRoom(const TimerRoom&) = delete;
    TimerRoom& operator=(const TimerRoom&) = delete;

    /// One timer more, until leave(). Throws std::bad_alloc, and then there is none.
    void enter();
    void leave() noexcept;

private:
    void grow_to(std::size_t timers);

    const Executor executor_;
    std::mutex mutex_;
    std::size_t timers_ = 0;
    std::size_t room_ = 0;
};

} // namespace kvduel::servers::async
