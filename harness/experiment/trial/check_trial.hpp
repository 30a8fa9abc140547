#pragma once

#include "core/support/error.hpp"
#include "harness/experiment/record/trial.hpp"
#include "harness/experiment/trial/checks.hpp"
#include "harness/load/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kvduel::experiment {

/// All that is known of a trial when it has ended. Absent: not to be had, or the trial did not come so far.
struct Evidence {
    std::optional<Error> start_error; ///< the server did not start, or did not announce itself
    std::optional<Error> load_error;  ///< run_load measured nothing
    bool did_preload_fail = false;    ///< load_error came while the keys were written
    bool has_server_died = false;     ///< before it was told to end
    std::string server_change;        ///< why it is not the process that announced itself; empty: it is
    bool was_interrupted = false;     ///< by the user
    bool are_cpus_shared = false;     ///< see shares_cpus()
    bool is_server_cpu_known = true;
    std::string server_cpu_absence; ///< why it is not known; empty: the system did not tell
    ServerExit exit;
    const load::LoadResult* load = nullptr;        ///< null: nothing was measured
    std::optional<std::uint64_t> requests_counted; ///< by the server over all phases
    std::optional<double> wall_window_s;           ///< the window by CLOCK_REALTIME
    std::optional<double> boot_window_s;      ///< by CLOCK_BOOTTIME, which goes on while the machine sleeps
    std::optional<double> monotonic_window_s; ///< by CLOCK_MONOTONIC, at the same two moments
    std::optional<double>
        longest_gap_s; ///< between two ticks of the harness in the window; they come each 0.1 s
    std::optional<double> steal_ratio;
    std::optional<double> run_queue_wait_ratio; ///< time a load thread waited for its CPU, over the window
    std::optional<std::uint64_t> listen_drops;  ///< connections dropped at a full accept queue
    std::optional<std::uint64_t> throttled_periods; ///< in which a CPU quota stopped server or load
};

/// A finding and what it does to the trial.
struct Finding {
    Warning warning;
    bool makes_invalid = false;
};

/// Do the errors alone make the trial invalid, or are they few, or what the scenario provokes? Pure.
bool are_errors_too_many(const Parameters& parameters, const load::Requests& requests);

/// Judges a trial by the table. Pure; the order is that of checks().
std::vector<Finding> check_trial(const Parameters& parameters, const Evidence& evidence);

} // namespace kvduel::experiment
