#pragma once

#include "core/support/clock.hpp"
#include "harness/load/background/background.hpp"
#include "harness/stats/histogram.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kvduel::load {

/// Requests that did not succeed, by class (docs/how-it-measures.md). The first four ended without a whole
/// answer.
struct Errors {
    std::uint64_t connect = 0;
    std::uint64_t timeout = 0;
    std::uint64_t reset = 0;
    std::uint64_t protocol = 0;
    std::uint64_t status = 0;
    std::uint64_t verification = 0;

    std::uint64_t without_answer() const { return connect + timeout + reset + protocol; }
    std::uint64_t total() const { return without_answer() + status + verification; }
};

/// Counts of the requests that belong to the window: those due in it.
struct Requests {
    std::uint64_t sent = 0;
    std::uint64_t completed = 0; ///< a whole answer came: succeeded + status + verification
    std::uint64_t succeeded = 0;
    std::uint64_t in_flight_at_end = 0; ///< still unanswered when the drain ended
    std::uint64_t unsent = 0;           ///< due and never sent (open loop)
    std::uint64_t waited_for_connection =
        0; ///< of those due, sent or not: when they were due, no connection was free (open loop)
    Errors errors;
};

/// One second of the window, by the time answers ended.
struct Interval {
    double start_s = 0;
    double duration_s = 0;
    std::uint64_t completed = 0;
    std::uint64_t errors = 0;
    stats::Histogram latency;
};

/// What a background did. "Window": counted by the moment it happened; the rest over all phases.
struct BackgroundResult {
    Background background;
    unsigned held_min = 0;              ///< fewest connections held at any moment of the window
    std::uint64_t opened = 0;           ///< TCP connections
    std::uint64_t closed_by_server = 0; ///< in order, whether it owed an answer or not
    std::uint64_t connect_errors = 0;
    std::uint64_t timeouts = 0;        ///< no whole answer in time: the connection was given up
    std::uint64_t resets = 0;          ///< RST
    std::uint64_t protocol_errors = 0; ///< not HTTP, or bytes that nobody asked for

    std::uint64_t requests_sent = 0;      ///< begun, in the window
    std::map<int, std::uint64_t> answers; ///< whole ones in the window, by status
    std::uint64_t bytes_sent = 0;         ///< in the window
    std::uint64_t bytes_received = 0;     ///< in the window
    double cpu_s = 0;                     ///< CPU time in the window

    // For the server's own count of requests:
    std::uint64_t sent_all_phases = 0; ///< begun
    std::uint64_t completed_all_phases =
        0; ///< whole answers, but for a 503 that closes: it may be said at the door, to no request
    std::uint64_t dropped_all_phases = 0; ///< begun; the server closed in order and owed their answers
    std::string first_error;              ///< in words, empty if none
};

/// Everything that one trial's load measured. Merged over threads; all times in nanoseconds.
struct LoadResult {
    double duration_s = 0; ///< the window as it was
    /// Its two ends as they were planned; none in slices, whose window is no one piece of time.
    std::optional<std::pair<TimePoint, TimePoint>> window;
    Requests requests;
    std::map<int, std::uint64_t> status_counts;
    stats::Histogram latency;      ///< end - due
    stats::Histogram service_time; ///< end - send
    stats::Histogram send_lateness;
    std::vector<Interval> intervals;

    std::uint64_t sent_all_phases =
        0; ///< preload, warm-up, window and drain together, for the server's own count
    std::uint64_t completed_all_phases = 0; ///< of these, whole answers
    std::uint64_t bytes_sent = 0;           ///< in the window
    std::uint64_t bytes_received = 0;       ///< in the window
    std::uint64_t connections_opened = 0;

    double generator_cpu_s = 0; ///< CPU time of the load threads in the window
    /// Time that the load threads were ready to run in the window and had no CPU (run_queue_wait.hpp); absent
    /// where the kernel does not tell.
    std::optional<double> run_queue_wait_s;
    double generator_busy_share =
        0; ///< of the busiest load thread: time of loop turns that did work / window

    double in_flight_time_s = 0;   ///< integral over the window of requests in flight (Little's law, L T)
    double foreign_time_s = 0;     ///< R0: time inside the window of requests that are not of it
    double own_time_outside_s = 0; ///< R1: time outside the window of requests of it
    /// Slices, closed loop: places (connections x pipeline) x time in the window in which nothing was sent,
    /// as a slice was over and its last answers were awaited.
    double settling_time_s = 0;
    double unrecorded_time_s = 0; ///< time of requests of the window that left no latency record
    std::uint64_t request_digest =
        0; ///< hash of the first 10,000 requests of the window's stream: equal seeds, equal digest
    std::string first_error;                  ///< the first error in words, empty if none
    std::vector<BackgroundResult> background; ///< in the plan's order
    bool interrupted = false;
};

} // namespace kvduel::load
