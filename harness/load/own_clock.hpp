#pragma once

#include "core/support/clock.hpp"

namespace kvduel::load {

/// The clock that a load thread lives by: it stands still while another load has the slice (slices.hpp), so
/// that due times, windows and latencies know nothing of the pause. Each thread has its own.
class OwnClock {
public:
    static TimePoint now() noexcept { return Clock::now() - skipped_; }
    /// `pause` of real time did not happen for this thread.
    static void skip(Duration pause) noexcept { skipped_ += pause; }

private:
    static constinit inline thread_local Duration skipped_{};
};

} // namespace kvduel::load
