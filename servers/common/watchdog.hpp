#pragma once

#include "core/support/clock.hpp"
#include "core/support/mutex.hpp"

#include <atomic>
#include <cstdint>
#include <deque>
#include <vector>

namespace kvduel::servers {

/// What a connection waits for; decides how the watchdog ends the wait.
enum class Waiting : std::uint8_t {
    kNothing,   ///< it is being served: no deadline
    kIdle,      ///< for a request to begin
    kReading,   ///< for the rest of a request
    kWriting,   ///< for the peer to take its answer
    kLingering, ///< for the peer to close
    kAbandoned, ///< for time alone: nobody will wake it, its owner is called when the time is up
};

/// One connection's place in the watchdog's table: a cache line that its server thread writes and the
/// watchdog reads.
class alignas(64) Watch {
public:
    /// States the wait and when it is too long. One relaxed store: a deadline seen a moment late does no
    /// harm.
    void set(Waiting waiting, TimePoint deadline) noexcept {
        word_.store((deadline.time_since_epoch().count() & ~kKindMask) | static_cast<std::int64_t>(waiting),
                    std::memory_order_relaxed);
    }
    /// As set(kAbandoned): the caller's last touch of the connection, which the watchdog owns from here.
    void abandon(TimePoint deadline) noexcept {
        word_.store((deadline.time_since_epoch().count() & ~kKindMask) |
                        static_cast<std::int64_t>(Waiting::kAbandoned),
                    std::memory_order_release);
    }
    void clear() noexcept { word_.store(0, std::memory_order_relaxed); }

    /// The wait as it stands now, for take().
    std::int64_t word() const noexcept { return word_.load(std::memory_order_acquire); }
    /// Ends the wait that was stated by `word`; false if its owner is awake by now, and may wait for
    /// something else.
    bool take(std::int64_t word) noexcept {
        return word_.compare_exchange_strong(word, 0, std::memory_order_acq_rel);
    }

    /// The watchdog has shut the receiving side down: an end of stream is its doing, not the peer's.
    bool expired() const noexcept { return ended_.load(std::memory_order_acquire) != Waiting::kNothing; }
    /// It has shut the sending side down as well: the peer has had its time to take the answer. One whose
    /// idle wait was ended just as its request came still has it.
    bool write_expired() const noexcept {
        return ended_.load(std::memory_order_acquire) == Waiting::kWriting;
    }

private:
    friend class Watchdog;
    static constexpr std::int64_t kKindMask = 7; // deadlines are kept to 8 ns

    std::atomic<std::int64_t> word_{0};
    std::atomic<Waiting> ended_{Waiting::kNothing}; ///< the last wait that was ended
    int fd_ = -1;
    void* owner_ = nullptr;
};

/// Ends the waits that last too long, without a system call on the request path: one thread looks over all
/// deadlines a few times a second and calls shutdown() on the late. Whoever reads that socket then sees its
/// end, finds expired() set, and decides by itself; only it closes the descriptor, after leave(). All four
/// runtimes use it alike.
class Watchdog {
public:
    using CloseAbandoned = void (*)(void* owner);
    /// `close_abandoned` may be null when nobody abandons.
    explicit Watchdog(CloseAbandoned close_abandoned = nullptr) noexcept
        : close_abandoned_(close_abandoned) {}

    /// A place for the open descriptor `fd`. Throws std::bad_alloc. Any thread.
    Watch* enroll(int fd, void* owner);
    /// Gives the place back; before the descriptor is closed. Any thread.
    void leave(Watch* watch) noexcept;

    /// Ends what is late at `now`; an idle wait whose request has come is over, though nobody has read it
    /// yet. After a freeze of the process (a gap of more than a second between looks)
    /// it only takes note: what arrived meanwhile must be read before anybody is judged. Of two looks in a
    /// row one judges, or a process that never runs in time would have no deadlines.
    void look(TimePoint now) noexcept;

    /// Ends every idle wait, whatever its deadline, but of those whose next request is there and not yet
    /// read.
    void end_idle();

    /// Ends every wait and every transfer.
    void cut_all();

private:
    void end_wait(Watch& watch, std::int64_t word) noexcept;
    void shut(Watch& watch, Waiting waiting) noexcept;

    const CloseAbandoned close_abandoned_;
    TimePoint last_look_{};
    bool has_skipped_ = false; ///< the last look judged nobody
    Mutex mutex_;
    std::deque<Watch> places_ KVDUEL_GUARDED_BY(mutex_); // addresses stay when it grows
    std::vector<Watch*> free_ KVDUEL_GUARDED_BY(mutex_);
};

/// A place in the table for the length of a scope. Must end before the descriptor is closed.
class Enrolment {
public:
    Enrolment(Watchdog& watchdog, int fd, void* owner = nullptr)
        : watchdog_(watchdog), watch_(watchdog.enroll(fd, owner)) {}
    Enrolment(const Enrolment&) = delete;
    Enrolment& operator=(const Enrolment&) = delete;
    ~Enrolment() { watchdog_.leave(watch_); }

    Watch* operator->() const noexcept { return watch_; }

private:
    Watchdog& watchdog_;
    Watch* watch_;
};

} // namespace kvduel::servers
