#pragma once

#include "servers/async/event_loop.hpp"

#include <optional>

namespace kvduel::servers::async {

/// The timer of one connection, made when it first waits for time.
class WaitTimer {
public:
    explicit WaitTimer(EventLoop& loop) noexcept : loop_(loop) {}
    WaitTimer(const WaitTimer&) = delete;
    WaitTimer& operator=(const WaitTimer&) = delete;
    ~WaitTimer() {
        if (timer_) loop_.timers().leave();
    }

    /// Set to end after `time`, to be awaited. Throws std::bad_alloc the first time.
    TimerRoom::Timer& after(Duration time) {
        if (!timer_) {
            loop_.timers().enter();
            timer_.emplace(loop_.executor());
        }
        timer_->expires_after(time);
        return *timer_;
    }

private:
    EventLoop& loop_;
    std::optional<TimerRoom::Timer> timer_;
};

} // namespace kvduel::servers::async
