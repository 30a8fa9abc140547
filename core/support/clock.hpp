#pragma once

#include <chrono>

namespace kvduel {

/// The one clock of deadlines and latencies: monotonic, nanoseconds, by vDSO. Wall time is for Date alone.
using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Duration = std::chrono::nanoseconds;

} // namespace kvduel
