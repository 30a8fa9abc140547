#include "servers/common/watchdog.hpp"

#include "servers/common/socket.hpp"

#include <sys/socket.h>

#include <array>
#include <cstddef>

namespace kvduel::servers {
namespace {

constexpr auto kFreeze = std::chrono::seconds(1);
/// Closed by one look; the rest by the next. A fixed number, so that a look allocates nothing.
constexpr std::size_t kMaxAbandonedPerLook = 256;

} // namespace

Watch* Watchdog::enroll(int fd, void* owner) {
    MutexLock lock(mutex_);
    if (free_.empty()) {
        free_.reserve(places_.size() + 1); // leave() must not allocate
        free_.push_back(&places_.emplace_back());
    }
    Watch* const watch = free_.back();
    free_.pop_back();
    watch->clear();
    watch->ended_.store(Waiting::kNothing, std::memory_order_relaxed);
    watch->owner_ = owner;
    watch->fd_ = fd;
    return watch;
}

void Watchdog::leave(Watch* watch) noexcept {
    MutexLock lock(mutex_);
    watch->fd_ = -1;
    free_.push_back(watch);
}

void Watchdog::end_wait(Watch& watch, std::int64_t word) noexcept {
    const auto waiting = static_cast<Waiting>(word & Watch::kKindMask);
    if (waiting == Waiting::kIdle && has_bytes_to_read(watch.fd_)) return;
    if (watch.take(word)) shut(watch, waiting);
}

// The lock keeps the descriptor open: leave() waits for it, and close() comes after leave().
void Watchdog::shut(Watch& watch, Waiting waiting) noexcept {
    watch.ended_.store(waiting, std::memory_order_release);
    // A reader must still be able to send its 408; a writer has nothing more to say.
    ::shutdown(watch.fd_, waiting == Waiting::kWriting ? SHUT_RDWR : SHUT_RD);
}

void Watchdog::look(TimePoint now) noexcept {
    const bool was_frozen = last_look_ != TimePoint{} && now - last_look_ > kFreeze;
    last_look_ = now;
    has_skipped_ = was_frozen && !has_skipped_; // who is always late must judge all the same
    if (has_skipped_) return;

    std::array<void*, kMaxAbandonedPerLook> abandoned;
    std::size_t count = 0;
    {
        MutexLock lock(mutex_);
        for (Watch& watch : places_) {
            const std::int64_t word = watch.word();
            const auto waiting = static_cast<Waiting>(word & Watch::kKindMask);
            if (watch.fd_ < 0 || waiting == Waiting::kNothing || word > now.time_since_epoch().count())
                continue;
            if (waiting != Waiting::kAbandoned) {
                end_wait(watch, word);
            } else if (count < abandoned.size()) {
                watch.clear();
                abandoned[count++] = watch.owner_;
            }
        }
    }
    for (std::size_t i = 0; i < count; ++i) close_abandoned_(abandoned[i]);
}

void Watchdog::end_idle() {
    MutexLock lock(mutex_);
    for (Watch& watch : places_) {
        const std::int64_t word = watch.word();
        if (watch.fd_ >= 0 && static_cast<Waiting>(word & Watch::kKindMask) == Waiting::kIdle)
            end_wait(watch, word);
    }
}

void Watchdog::cut_all() {
    MutexLock lock(mutex_);
    for (Watch& watch : places_) {
        if (watch.fd_ < 0) continue;
        watch.clear();
        shut(watch, Waiting::kWriting);
    }
}

} // namespace kvduel::servers
