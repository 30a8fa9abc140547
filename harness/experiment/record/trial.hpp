#pragma once

#include "harness/experiment/plan/suite.hpp"
#include "harness/load/result.hpp"
#include "harness/stats/histogram.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kvduel::experiment {

enum class Verdict : std::uint8_t { kValid, kInvalid };

/// One finding about a trial. Which codes make a trial invalid says the table of checks (check_trial.hpp).
struct Warning {
    std::string code;
    std::string message; ///< one sentence with the figures

    bool operator==(const Warning&) const = default;
};

/// Why a figure is not there: its name in the report -> "412 samples, 662 needed".
using Absences = std::map<std::string, std::string>;

/// Figures of one histogram of times. A percentile is absent if the samples are too few to carry it.
struct TimeFigures {
    std::uint64_t count = 0;
    std::optional<double> min_us;
    std::optional<double> mean_us;
    std::optional<double> p50_us;
    std::optional<double> p90_us;
    std::optional<double> p99_us;
    std::optional<double> p99_9_us;
    std::optional<double> max_us;
    Absences absent;            ///< of percentiles
    stats::Histogram histogram; ///< ns; the source of the figures ("hdr" in the report)
};

/// Figures of a histogram that the server kept itself; its buckets give upper bounds, hence no min. The mean
/// is of its exact sum.
struct ServerTimeFigures {
    std::uint64_t count = 0;
    std::optional<double> mean_us;
    std::optional<double> p50_us;
    std::optional<double> p90_us;
    std::optional<double> p99_us;
    std::optional<double> p99_9_us;
    std::optional<double> max_us;
    Absences absent; ///< of percentiles
};

struct LatenessFigures {
    std::optional<double> p50_us;
    std::optional<double> p99_us;
    std::optional<double> max_us;
    Absences absent; ///< of percentiles
};

/// A slice of the window, by the time answers ended.
struct IntervalFigures {
    double start_s = 0;
    double duration_s = 0;
    std::uint64_t completed = 0;
    std::uint64_t errors = 0;
    std::optional<double> p50_us;
    std::optional<double> p99_us;
    Absences absent; ///< of percentiles
};

/// Where the mean latency went, in us: the four parts add up to it. Percentiles do not add up, so they have
/// no such split.
struct LatencySplit {
    double before_send_us = 0; ///< due to send: 0 in a closed loop
    double queue_wait_us = 0;  ///< in the server: known of (poller, or coroutine that has read) to started
    double handler_us = 0;     ///< in the server: started to answered
    double rest_us = 0;        ///< kernel, loopback, parsing, the wait in socket buffers, the generator
};

/// How a server process ended. All absent: it was not started, or not ours to end.
struct ServerExit {
    std::optional<int> code;   ///< its exit code, or
    std::optional<int> signal; ///< the signal that ended it
    bool was_killed = false;   ///< by us, as it did not end in time after SIGTERM
    unsigned orphans = 0;      ///< processes that had left its process group and were killed
};

/// Resources of the server over the window, and what it says of itself. Absent: not to be had.
struct ServerFigures {
    std::optional<int> pid;
    std::optional<double> cpu_s; ///< user + system, by the process's CPU clock: exact
    std::optional<double> cpu_user_s;
    std::optional<double> cpu_system_s;
    std::optional<double> cpu_us_per_request;   ///< cpu_s over the requests that ended in the window
    std::optional<std::uint64_t> rss_max_bytes; ///< highest since it started
    std::optional<std::uint64_t> rss_end_bytes; ///< when the window ended
    std::optional<unsigned> threads_max;
    std::optional<std::uint64_t> context_switches_voluntary;
    std::optional<std::uint64_t> context_switches_involuntary;
    std::optional<double> context_switches_per_request; ///< both kinds
    std::optional<ServerTimeFigures> queue_wait;
    std::optional<ServerTimeFigures> handler;
    std::optional<std::uint64_t>
        requests_counted; ///< by the server, over all phases; without its own /-/ pages
    ServerExit exit;
};

struct GeneratorFigures {
    double cpu_us_per_request = 0;
    double cpu_utilization = 0; ///< busy share of the busiest load thread
};

struct NetworkFigures {
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
};

/// When each phase began, in seconds since the trial began (started_at). Absent: not reached.
struct PhaseTimes {
    std::optional<double> ready_s;
    std::optional<double> preload_s;
    std::optional<double> connect_s;
    std::optional<double> warmup_s;
    std::optional<double> window_s;
    std::optional<double> drain_s;
    std::optional<double> stop_s;
    std::optional<double> end_s;
};

/// One measured run: a row of `trials` in kvduel.report/1. An invalid one is kept with all that it has.
///
/// Trials are compared in pairs. A pair is the trials of one scenario, one set of parameters and one block
/// that have the same repetition; of the repetitions of a block the latest in which both trials are valid
/// counts, and if there is none the block has no pair. A cell is run again in a block, by all its contenders,
/// if one of its trials was invalid (once), or if the run was cut short between them and resumed.
struct TrialRecord {
    std::string scenario;
    std::string contender;
    unsigned repetition = 1;     ///< of the cell in its block: 1, or higher where it was run again
    unsigned block = 1;          ///< 1, 2, ...
    unsigned order_in_block = 1; ///< 1, 2, ... over all trials of the block
    Parameters parameters;
    std::vector<std::string> server_arguments; ///< argv of the server as it was started
    Verdict verdict = Verdict::kValid;
    std::vector<Warning> warnings;
    std::string started_at; ///< RFC 3339, UTC, ms
    PhaseTimes phases;

    double duration_s = 0; ///< the window as it was
    load::Requests requests;
    std::uint64_t sent_all_phases = 0;
    std::uint64_t completed_all_phases = 0;
    std::uint64_t connections_opened = 0;
    std::string request_digest; ///< 16 hex digits; equal streams, equal digests
    std::map<int, std::uint64_t> status_counts;
    std::optional<double> offered_rps;
    std::optional<double> throughput_rps;
    TimeFigures latency;
    TimeFigures service_time;
    std::optional<LatencySplit>
        latency_split; ///< absent: the server does not tell its part (latency_split.hpp)
    LatenessFigures send_lateness;
    std::vector<IntervalFigures> intervals;
    ServerFigures server;
    GeneratorFigures generator;
    NetworkFigures network;
    std::vector<load::BackgroundResult> background; ///< one for each of the parameters
    std::string first_error;                        ///< of the generator, in words
    std::vector<std::string> stderr_tail;           ///< the server's last lines, 20 at the most
};

} // namespace kvduel::experiment
