#pragma once

#include <cstdint>

namespace truth {

/// CLOCK_MONOTONIC, or a span of it.
using Nanoseconds = std::int64_t;

/// When answers leave. Zero: without this part. Parts add up in the order of the fields.
struct Timing {
    Nanoseconds delay = 0;
    Nanoseconds slow_delay = 0; ///< instead of `delay`, for every slow_every-th request
    std::uint64_t slow_every = 0;
    Nanoseconds service = 0;     ///< one worker, first come first served
    Nanoseconds stall = 0;       ///< nothing leaves during a stall, all of it at its end
    Nanoseconds stall_every = 0; ///< from the start of a stall to that of the next
};

/// The planned times of answers: pure arithmetic on arrivals, so that a test can do it again on the log.
///
/// The first stall begins half a `stall_every` after the first arrival: a window of n periods that begins
/// with that arrival holds n whole stalls.
class Schedule {
public:
    explicit Schedule(const Timing& timing) noexcept : timing_(timing) {}

    /// `number`: 1 for the first request. Arrivals must not decrease.
    Nanoseconds answer_at(std::uint64_t number, Nanoseconds arrival) noexcept;

    /// Stalls that held an answer back, and the answers they held.
    std::uint64_t stalls() const noexcept { return stalls_; }
    std::uint64_t held() const noexcept { return held_; }

private:
    Nanoseconds past_stall(Nanoseconds at) noexcept;

    Timing timing_;
    Nanoseconds first_stall_ = 0;
    Nanoseconds worker_free_ = 0;
    Nanoseconds last_stall_end_ = 0;
    std::uint64_t stalls_ = 0;
    std::uint64_t held_ = 0;
};

} // namespace truth
