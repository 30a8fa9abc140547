#pragma once

#include "harness/experiment/trial/check_trial.hpp"
#include "harness/experiment/trial/load_for_test.hpp"

#include <cstdint>
#include <vector>

namespace kvduel::experiment {

/// For tests: a trial without fault, to be doctored and judged.
struct DoctoredTrial {
    Parameters parameters = sound_parameters();
    load::LoadResult load = sound_load();
    Evidence evidence;

    DoctoredTrial() {
        evidence.requests_counted = 60'000;
        evidence.wall_window_s = evidence.boot_window_s = evidence.monotonic_window_s = 2.0;
        evidence.longest_gap_s = 0.1;
        evidence.steal_ratio = 0.0;
        evidence.run_queue_wait_ratio = 0.0;
        evidence.listen_drops = 0;
        evidence.throttled_periods = 0;
        evidence.exit.code = 0;
    }
    DoctoredTrial(const DoctoredTrial&) = delete;
    DoctoredTrial& operator=(const DoctoredTrial&) = delete;

    std::vector<Finding> judge() {
        evidence.load = &load;
        return check_trial(parameters, evidence);
    }

    void record_latencies(std::uint64_t times) {
        load.latency.clear();
        load.latency.record(100'000, times);
    }

    /// `times` requests, all of them good.
    void make_requests(std::uint64_t times) {
        load.requests.sent = load.requests.completed = load.requests.succeeded = times;
        record_latencies(times);
    }

    /// `times` requests of a closed loop have no answer when it ends, beside some that have.
    void leave_unanswered(std::uint64_t times, std::uint64_t answered) {
        make_requests(answered);
        load.requests.sent += times;
        load.requests.in_flight_at_end = times;
    }

    /// One request in fifty left `ns` late.
    void be_late(std::uint64_t ns) {
        load.send_lateness.clear();
        load.send_lateness.record(ns, 800);
        load.send_lateness.record(100, 39'200);
    }

    /// `times` requests beyond those sent were due in an open loop and never left.
    void leave_unsent(std::uint64_t times) {
        parameters.loop = Loop::kOpen;
        load.requests.unsent = times;
        load.latency.record(100'000, times);
    }

    /// `times` of the requests of an open loop found no connection free.
    void wait_for_connections(std::uint64_t times) {
        parameters.loop = Loop::kOpen;
        load.requests.waited_for_connection = times;
    }

    /// `times` of the requests failed with a status or, if these came whole, a wrong value.
    void fail(std::uint64_t load::Errors::*kind, std::uint64_t times) {
        load.requests.errors.*kind = times;
        load.requests.succeeded -= times;
        record_latencies(load.requests.succeeded);
        load.first_error = "503";
    }
};

} // namespace kvduel::experiment
