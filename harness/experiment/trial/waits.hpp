#pragma once

#include "core/support/clock.hpp"
#include "harness/load/run_load.hpp"

#include <atomic>
#include <functional>

namespace kvduel::experiment {

/// The waits of a trial: every one has its bound here, so that tests can shorten them.
struct Waits {
    Duration ready = std::chrono::seconds(10); ///< from start to the announce line or an open port
    Duration drain = std::chrono::seconds(12); ///< from SIGTERM to SIGKILL: the servers' drain limit + 2 s
    Duration stats = std::chrono::seconds(2);  ///< one GET /-/stats outside the window
    Duration window_stats = std::chrono::milliseconds(500); ///< one at an end of the window: it must not hold
                                                            ///< the sampling up
    Duration rest = std::chrono::milliseconds(200);         ///< between trials
};

/// load::run_load, or what stands in for it in a test.
using LoadFunction = std::function<Result<load::LoadResult>(const load::Plan&, load::Observer&,
                                                            const std::atomic<bool>& stop)>;

} // namespace kvduel::experiment
