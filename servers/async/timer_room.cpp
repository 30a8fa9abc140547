#include "servers/async/timer_room.hpp"

#include <algorithm>
#include <chrono>
#include <deque>

namespace kvduel::servers::async {

void TimerRoom::enter() {
    const std::lock_guard lock(mutex_);
    if (timers_ == room_) grow_to(std::max<std::size_t>(16, 2 * room_)); // as a vector grows
    ++timers_;
}

void TimerRoom::leave() noexcept {
    const std::lock_guard lock(mutex_);
    --timers_;
}

// Nothing tells Asio to grow but timers that are under way.
void TimerRoom::grow_to(std::size_t timers) {
    constexpr auto kLongerThanThis = std::chrono::hours(1);
    std::deque<Timer> for_room;
    while (for_room.size() < timers) {
        for_room.emplace_back(executor_).expires_after(kLongerThanThis);
        for_room.back().async_wait([](const boost::system::error_code&) {});
    }
    room_ = timers;
}

} // namespace kvduel::servers::async
