#pragma once

#include "harness/experiment/trial/doctored_trial_for_test.hpp"

#include <signal.h>

#include <functional>
#include <vector>

namespace kvduel::experiment {

/// For tests: what is done to a sound trial.
using Doctor = std::function<void(DoctoredTrial&)>;

/// A code with a trial that trips it and one that comes close and does not.
struct CheckPair {
    const char* code;
    bool makes_invalid;
    const char* message;
    Doctor trips;
    Doctor comes_close;
    const char* close_code = ""; ///< the code the close one trips instead; empty: it is sound
};

inline const Error kNoServer{ErrorKind::kUnavailable, "contender \"mine\"", "no listening line within 10 s",
                             ""};

inline void end_by(DoctoredTrial& t, int signal) {
    t.evidence.exit.code.reset();
    t.evidence.exit.signal = signal;
}

inline void start_anew(DoctoredTrial& t) {
    t.evidence.server_change = "process 7 is gone";
}

/// How a trial ended.
inline std::vector<CheckPair> pairs_of_ends() {
    return {
        {"interrupted", true, "a signal ended the trial early",
         [](auto& t) { t.evidence.was_interrupted = true; },
         [](auto& t) { t.load.interrupted = true; }}, // by the harness, and the window was whole
        {"server_not_started", true, "contender \"mine\": no listening line within 10 s",
         [](auto& t) { t.evidence.start_error = kNoServer; },
         [](auto& t) { t.evidence.has_server_died = true; }, "server_died"},
        {"server_died", true, "the server was ended by SIGSEGV before it was told to end",
         [](auto& t) {
             t.evidence.has_server_died = true;
             end_by(t, SIGSEGV);
         },
         [](auto& t) { end_by(t, SIGTERM); }}, // as it was told
        {"server_died", true, "the server exited with 1 before it was told to end",
         [](auto& t) {
             t.evidence.has_server_died = true;
             t.evidence.exit.code = 1;
         },
         [](auto& t) { t.evidence.exit.code = 1; }, "server_exit"},
        {"server_died", true, "the server is not the one that the trial began with: process 7 is gone",
         start_anew,
         [](auto& t) {
             start_anew(t);
             t.evidence.was_interrupted = true; // then its end is no wonder
         },
         "interrupted"},
        {"preload_failed", true, "contender \"mine\": no listening line within 10 s",
         [](auto& t) {
             t.evidence.load_error = kNoServer;
             t.evidence.did_preload_fail = true;
         },
         [](auto& t) { t.evidence.load_error = kNoServer; }, "server_unreachable"},
        {"server_unreachable", true, "contender \"mine\": no listening line within 10 s",
         [](auto& t) { t.evidence.load_error = kNoServer; },
         [](auto& t) {
             t.evidence.load_error = kNoServer;
             t.evidence.was_interrupted = true;
         },
         "interrupted"},
    };
}

/// What must add up.
inline std::vector<CheckPair> pairs_of_laws() {
    return {
        {"conservation_violated", true, "completed 40000, but succeeded + status + verification errors 39999",
         [](auto& t) { --t.load.requests.succeeded; },
         [](auto& t) {
             t.fail(&load::Errors::status, 1); // one less succeeded, and it is accounted for
         },
         "errors_high"},
        {"conservation_violated", true,
         "sent 40001, but completed + in flight + errors without an answer 40000",
         [](auto& t) { ++t.load.requests.sent; },
         [](auto& t) {
             ++t.load.requests.sent;
             ++t.load.requests.in_flight_at_end;
         }},
        {"conservation_violated", true, "40000 latencies, but succeeded + timeouts + unsent 40001",
         [](auto& t) { ++t.load.requests.unsent; },
         [](auto& t) {
             ++t.load.requests.unsent;
             t.load.latency.record(100'000);
         }},
        {"littles_law_violated", true,
         "requests were in flight for 4.021 s, but their service times make 4 s (allowed: 0.0201 s apart)",
         [](auto& t) { t.load.in_flight_time_s = 4.021; }, [](auto& t) { t.load.in_flight_time_s = 4.02; }},
        {"littles_law_violated", true, // one record lost in a hundred of 100 us
         "requests were in flight for 4 s, but their service times make 3.96 s (allowed: 0.02 s apart)",
         [](auto& t) {
             t.load.service_time.clear();
             t.load.service_time.record(100'000, 39'600);
         },
         [](auto& t) {
             t.load.service_time.clear();
             t.load.service_time.record(100'000, 39'801);
         }},
        {"littles_law_violated", true, "2 requests were in flight on average, 3 connections ask for 3",
         [](auto& t) { t.parameters.connections = 3; },
         [](auto& t) {
             t.parameters.connections = 3;
             t.load.in_flight_time_s = 5.41;
             t.load.unrecorded_time_s = 1.41;
         }},
        {"littles_law_violated", true, "1.79 requests were in flight on average, 2 connections ask for 2",
         [](auto& t) {
             t.load.in_flight_time_s = 3.58;
             t.load.own_time_outside_s = 0.42;
         },
         [](auto& t) { // the stall fell into the end of a slice
             t.load.in_flight_time_s = 3.58;
             t.load.own_time_outside_s = 0.42;
             t.load.settling_time_s = 0.1;
         }},
        {"slices_too_short", true,
         "for 10.3 % of the window connections waited for the others of their slice to end: its rate is too "
         "low by that",
         [](auto& t) { t.load.settling_time_s = 0.412; }, [](auto& t) { t.load.settling_time_s = 0.4; }},
        {"server_count_mismatch", true,
         "the server counted 59999 requests; 60000 were sent and 60000 answered",
         [](auto& t) { t.evidence.requests_counted = 59'999; },
         [](auto& t) {
             t.load.completed_all_phases = 59'990;
             t.evidence.requests_counted = 59'999;
         }},
        {"server_count_mismatch", true,
         "the server counted 60001 requests; 60000 were sent and 59990 answered",
         [](auto& t) {
             t.load.completed_all_phases = 59'990;
             t.evidence.requests_counted = 60'001;
         },
         [](auto& t) {
             t.load.completed_all_phases = 59'990;
             t.evidence.requests_counted = 59'990;
         }},
    };
}

/// A background of 100 connections, `held` of them at all times.
inline load::BackgroundResult& add_background(DoctoredTrial& t, load::BackgroundKind kind, unsigned held) {
    load::BackgroundResult& one = t.load.background.emplace_back();
    one.background = {kind, 100};
    one.held_min = held;
    one.bytes_sent = 1;
    return one;
}

/// What a background must be, and what it adds to the counts.
inline std::vector<CheckPair> pairs_of_background() {
    return {
        {"server_count_mismatch", true,
         "the server counted 60012 requests; 60011 were sent and 60010 answered",
         [](auto& t) {
             auto& one = add_background(t, load::BackgroundKind::kIdle, 100);
             one.completed_all_phases = 10;
             one.sent_all_phases = 12;
             one.dropped_all_phases = 1;
             t.evidence.requests_counted = 60'012;
         },
         [](auto& t) {
             auto& one = add_background(t, load::BackgroundKind::kIdle, 100);
             one.completed_all_phases = 10;
             one.sent_all_phases = 12;
             one.dropped_all_phases = 1;
             t.evidence.requests_counted = 60'011;
         }},
        {"background_short", true, "idle: 94 of 100 connections were held (94 %); the first error: refused",
         [](auto& t) { add_background(t, load::BackgroundKind::kIdle, 94).first_error = "refused"; },
         [](auto& t) { add_background(t, load::BackgroundKind::kIdle, 95).first_error = "refused"; }},
        {"background_short", true, "noise: not a byte was moved in the window",
         [](auto& t) { add_background(t, load::BackgroundKind::kNoise, 100).bytes_sent = 0; },
         [](auto& t) { add_background(t, load::BackgroundKind::kIdle, 100).bytes_sent = 0; }},
        {"malformed_accepted", false, "2 malformed requests were answered with 2xx",
         [](auto& t) {
             add_background(t, load::BackgroundKind::kNoise, 100).answers = {{200, 2}, {400, 9}};
         },
         [](auto& t) {
             add_background(t, load::BackgroundKind::kNoise, 100).answers = {{400, 9}, {501, 1}};
             add_background(t, load::BackgroundKind::kSlowReaders, 100).answers = {{200, 2}};
         }},
    };
}

} // namespace kvduel::experiment
