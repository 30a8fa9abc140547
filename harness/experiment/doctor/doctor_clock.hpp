#pragma once

#include "core/support/clock.hpp"
#include "harness/experiment/machine/doctor_finding.hpp"
#include "harness/experiment/machine/fact_tree.hpp"
#include "harness/stats/histogram.hpp"

#include <functional>
#include <optional>

/// The clock that stamps every request and the timer that wakes the open loop, measured.
namespace kvduel::experiment {

using NowFunction = std::function<TimePoint()>;

/// What one read of the clock costs, in ns: the median of 21 batches of 1,000 reads. About 1 ms.
double measure_clock_read_ns();

/// `read_ns` is judged, the source of time read from `facts`.
DoctorFinding check_clock(const FactTree& facts, double read_ns);

inline constexpr unsigned kSleeps = 1'000; ///< enough for a P99 (docs/how-it-measures.md)
inline constexpr Duration kSleep = std::chrono::microseconds(200);

/// By how many ns each of `sleeps` sleeps of kSleep was too long. Pure but for its two hands.
stats::Histogram measure_overshoot(unsigned sleeps, const NowFunction& now,
                                   const std::function<void(Duration)>& sleep);

/// The same on this machine, in a thread of its own, pinned to `cpu` if there is one, sleeping by the
/// generator's own hand (load::EventWait). Empty if no epoll could be had. About 0.3 s.
stats::Histogram measure_overshoot_here(std::optional<int> cpu);

DoctorFinding check_timer(const stats::Histogram& overshoot_ns);

} // namespace kvduel::experiment
