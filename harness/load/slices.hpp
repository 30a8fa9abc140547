#pragma once

#include "core/support/clock.hpp"
#include "core/support/mutex.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <vector>

namespace kvduel::load {

inline constexpr Duration kStopCheck =
    std::chrono::milliseconds(50); ///< a wait looks so often whether it is to end

/// Lets loads that run at once, each on a server of its own, have the CPUs in turns: one works, the others
/// stand still, and every slice the next has it. What slows this machine for seconds then slows all of them
/// alike (docs/decisions/0018). Any thread may call.
///
/// Seats are numbered from 0 in the order of their first slice. Nobody begins before every seat has come or
/// left; the last to leave ends it.
class Slices {
public:
    Slices(unsigned seats, Duration length);

    Duration length() const noexcept { return length_; }
    /// The first seat's first slice is half as long: then A B B A stand around each other, and a drift hits
    /// both alike.
    Duration first_length(unsigned seat) const noexcept { return seat == 0 ? length_ / 2 : length_; }

    /// Comes, if it had not, and waits for the slice. False: `stop` was set before.
    bool take(unsigned seat, const std::atomic<bool>& stop);
    /// Gives the slice to the next seat; it is the same one's if all others have left.
    void pass(unsigned seat);
    /// For good; whether it has the slice or not, and as often as wanted.
    void leave(unsigned seat);
    /// Waits until all have left, or `stop` is set.
    void await_end(const std::atomic<bool>& stop);

private:
    enum class Seat : std::uint8_t { kAwaited, kTaken, kLeft };

    void give_to_next(unsigned seat) KVDUEL_REQUIRES(mutex_);
    bool is_any(Seat state) const KVDUEL_REQUIRES(mutex_);
    bool may_run(unsigned seat) const KVDUEL_REQUIRES(mutex_);

    Mutex mutex_;
    std::condition_variable_any changed_;
    const Duration length_;
    std::vector<Seat> seats_ KVDUEL_GUARDED_BY(mutex_);
    unsigned holder_ KVDUEL_GUARDED_BY(mutex_) = 0;
};

/// A load's place in them; leaves when it ends.
class SliceSeat {
public:
    SliceSeat(Slices& slices, unsigned seat) noexcept : slices_(&slices), seat_(seat) {}
    ~SliceSeat() { leave(); }
    SliceSeat(const SliceSeat&) = delete;
    SliceSeat& operator=(const SliceSeat&) = delete;

    bool take(const std::atomic<bool>& stop) { return slices_->take(seat_, stop); }
    void pass() { slices_->pass(seat_); }
    void leave() { slices_->leave(seat_); }
    void await_end(const std::atomic<bool>& stop) { slices_->await_end(stop); }
    Duration length() const noexcept { return slices_->length(); }
    Duration first_length() const noexcept { return slices_->first_length(seat_); }

private:
    Slices* slices_;
    unsigned seat_;
};

} // namespace kvduel::load
