#pragma once

#include "core/support/clock.hpp"
#include "harness/load/plan.hpp"
#include "harness/workload/arrivals.hpp"

#include <cstdint>

namespace kvduel::load {

/// When the requests of one load thread are due in an open loop: its share of the warm-up's arrivals, which
/// begin with the warm-up, then its share of the window's, which begin at w0 with index 0. So the due times
/// of the window can be recomputed alone.
///
/// The backlog is this cursor behind the clock: what is due and not yet sent takes no memory. Not
/// thread-safe; time is a parameter.
class DueSchedule {
public:
    /// The plan has a rate.
    DueSchedule(const Plan& plan, std::uint64_t thread);

    /// The warm-up lasts from `start` to `w0`, the window from there to `w1`. Before this nothing is due.
    void begin(TimePoint start, TimePoint w0, TimePoint w1) noexcept;

    /// The window has begun: what the warm-up left waiting is void, or the window's requests would queue
    /// behind requests that it does not count.
    void start_window() noexcept;

    /// When the oldest request that was not taken is due; TimePoint::max() if none is left.
    TimePoint next_due() const noexcept { return next_due_; }
    /// Does it belong to the window?
    bool is_of_window() const noexcept { return is_of_window_; }
    /// How many of its phase, in this thread, came before it.
    std::uint64_t index() const noexcept { return index_; }
    /// It was sent, or will never be: on to the next.
    void take() noexcept;

private:
    void enter_window() noexcept;
    void settle() noexcept;

    workload::Arrivals arrivals_; ///< of the phase
    workload::Arrivals window_;
    TimePoint start_{}; ///< of the phase
    TimePoint w0_{};
    TimePoint w1_{};
    TimePoint next_due_ = TimePoint::max();
    std::uint64_t index_ = 0;
    bool is_of_window_ = false;
};

} // namespace kvduel::load
