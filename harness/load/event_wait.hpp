#pragma once

#include "core/support/clock.hpp"

#include <sys/epoll.h>

#include <span>

namespace kvduel::load {

/// Waits on an epoll with a timeout in nanoseconds. epoll_wait(2) counts milliseconds, and a generator that
/// sleeps past a due time charges its own oversleep to the server. One thread.
class EventWait {
public:
    /// Makes this thread's sleeps end when they are due and not up to 50 us later, as the kernel else may.
    static void sharpen_timers() noexcept;

    /// `has_nanoseconds`: epoll_pwait2 (Linux 5.11) may be tried.
    explicit EventWait(bool has_nanoseconds = true) noexcept : has_nanoseconds_(has_nanoseconds) {}

    /// The number of events, at most those of `events`; 0 after `wait`, or earlier: at a signal, and by less
    /// than a millisecond without epoll_pwait2. A `wait` that is not positive only looks.
    int wait(int epoll, std::span<epoll_event> events, Duration wait) noexcept;

private:
    bool has_nanoseconds_;
};

} // namespace kvduel::load
