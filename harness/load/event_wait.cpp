#include "harness/load/event_wait.hpp"

#include <sys/prctl.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

namespace kvduel::load {

void EventWait::sharpen_timers() noexcept {
    ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL); // in ns; without it sleeps are only less exact
}

int EventWait::wait(int epoll, std::span<epoll_event> events, Duration wait) noexcept {
    const auto count = static_cast<int>(events.size());
    const Duration positive = std::max(wait, Duration::zero());
    if (has_nanoseconds_ && positive > Duration::zero()) {
        const auto whole = std::chrono::duration_cast<std::chrono::seconds>(positive);
        const timespec timeout{whole.count(), (positive - whole).count()};
        const int ready = ::epoll_pwait2(epoll, events.data(), count, &timeout, nullptr);
        if (ready >= 0 || (errno != ENOSYS && errno != EPERM)) return std::max(ready, 0);
        has_nanoseconds_ = false; // EPERM: a sandbox that does not know the call
    }
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(positive).count();
    return std::max(::epoll_wait(epoll, events.data(), count, static_cast<int>(milliseconds)), 0);
}

} // namespace kvduel::load
