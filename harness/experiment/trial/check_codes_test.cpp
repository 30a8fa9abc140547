#include "harness/experiment/trial/check_pairs_for_test.hpp"

#include <doctest/doctest.h>

#include <signal.h>

#include <map>
#include <set>
#include <string>

namespace kvduel::experiment {

namespace {

std::vector<CheckPair> pairs_of_load() {
    return {
        {"generator_saturated", true,
         "the busiest load thread was busy for 91 % of the window: it measures the generator",
         [](auto& t) { t.load.generator_busy_share = 0.91; },
         [](auto& t) { t.load.generator_busy_share = 0.90; }},
        {"verification_failed", true, "1 answers held a wrong value; the first: 503",
         [](auto& t) { t.fail(&load::Errors::verification, 1); },
         [](auto& t) { t.fail(&load::Errors::status, 1); }, "errors_high"},
        {"nothing_answered", true, "no request of the window got an answer; 64 were sent",
         [](auto& t) { t.leave_unanswered(64, 0); }, [](auto& t) { t.leave_unanswered(64, 1); },
         "too_few_samples"},
        {"errors_high", true, "401 of 40000 requests failed (1 %); the first: 503",
         [](auto& t) { t.fail(&load::Errors::status, 401); }, [](auto& t) { t.record_latencies(40'000); }},
        {"errors_high", false, "1 of 40000 requests failed (0.0025 %); the first: 503",
         [](auto& t) { t.fail(&load::Errors::status, 1); },
         [](auto& t) { t.fail(&load::Errors::status, 0); }},
        {"clock_unsound", true, "the window took 2.003 s by the wall clock and 2 s by the monotonic one",
         [](auto& t) { t.evidence.wall_window_s = 2.003; },
         [](auto& t) { t.evidence.wall_window_s = 2.0019; }},
        {"clock_unsound", true, "the window took -3600 s by the wall clock and 2 s by the monotonic one",
         [](auto& t) { t.evidence.wall_window_s = -3600.0; },
         [](auto& t) { t.evidence.wall_window_s = 1.9981; }},
        {"clock_unsound", true, "the window took 7 s by the boot clock and 2 s by the monotonic one",
         [](auto& t) { t.evidence.boot_window_s = 7.0; }, [](auto& t) { t.evidence.boot_window_s = 2.0019; }},
        {"window_short", true, "the window was 2 s of 2.1 s", [](auto& t) { t.parameters.duration_s = 2.1; },
         [](auto& t) { t.parameters.duration_s = 2.02; }},
        {"not_steady", false, "the rate went from 20000/s to 22300/s within the window",
         [](auto& t) { t.load.intervals[1].completed = 22'300; },
         [](auto& t) { t.load.intervals[1].completed = 22'200; }},
        {"not_steady", false, "p50 went from 100.031 us to 112.063 us within the window",
         [](auto& t) {
             t.load.intervals[1].latency.clear();
             t.load.intervals[1].latency.record(112'000);
         },
         [](auto& t) {
             t.load.intervals[1].latency.clear();
             t.load.intervals[1].latency.record(111'000);
         }},
        {"too_few_samples", false, "2009 latencies: p99 needs 2010", [](auto& t) { t.make_requests(2'009); },
         [](auto& t) { t.make_requests(2'010); }},
        {"histogram_saturated", false, "1 latencies over one hour",
         [](auto& t) {
             t.make_requests(40'000);
             ++t.load.requests.unsent;
             t.load.latency.record(stats::Histogram::kHighest + 1);
         },
         [](auto& t) {
             t.make_requests(40'000);
             ++t.load.requests.unsent;
             t.load.latency.record(stats::Histogram::kHighest);
         }},
    };
}

std::vector<CheckPair> pairs_of_open_loop() {
    return {
        {"send_late", true,
         "1 % of the requests left over 1000.45 us late; latency is 100.031 us at P50, 100.031 us at P99",
         [](auto& t) { t.be_late(1'000'100); },
         [](auto& t) { // slow answers bear a later send: 10 % of P99, 5 % of P50
             t.load.latency.clear();
             t.load.latency.record(22'000'000, 40'000);
             t.be_late(1'090'000);
         }},
        {"send_late", false,
         "1 % of the requests left over 100.095 us late; latency is 100.031 us at P50, 100.031 us at P99",
         [](auto& t) { t.be_late(100'070); }, [](auto& t) { t.be_late(99'900); }},
        {"offered_rate_missed", true, "405 of 40405 requests were due and never sent (1 %)",
         [](auto& t) { t.leave_unsent(405); }, [](auto& t) { t.leave_unsent(404); }},
        {"offered_rate_missed", false, "405 of 40405 requests were due and never sent (1 %)",
         [](auto& t) {
             t.leave_unsent(405);
             t.parameters.are_errors_expected = true;
         },
         [](auto& t) {
             t.leave_unsent(404);
             t.parameters.are_errors_expected = true;
         }},
        {"connections_exhausted", false, "401 of 40000 requests found no connection free (1 %)",
         [](auto& t) { t.wait_for_connections(401); }, [](auto& t) { t.wait_for_connections(400); }},
    };
}

std::vector<CheckPair> pairs_of_machine() {
    return {
        {"listen_overflow", false, "the kernel dropped 1 connections at a full accept queue",
         [](auto& t) { t.evidence.listen_drops = 1; }, [](auto& t) { t.evidence.listen_drops.reset(); }},
        {"noisy_machine", false, "1.1 % of CPU time was stolen",
         [](auto& t) { t.evidence.steal_ratio = 0.011; }, [](auto& t) { t.evidence.steal_ratio = 0.01; }},
        {"noisy_machine", false,
         "the load waited for its CPU for 2.1 % of the window: something else ran there",
         [](auto& t) { t.evidence.run_queue_wait_ratio = 0.021; },
         [](auto& t) { t.evidence.run_queue_wait_ratio = 0.02; }},
        {"noisy_machine", false, "a CPU quota stopped server or load in 1 periods of its control group",
         [](auto& t) { t.evidence.throttled_periods = 1; },
         [](auto& t) { t.evidence.throttled_periods.reset(); }},
        {"noisy_machine", false, "the harness did not run for 0.51 s",
         [](auto& t) { t.evidence.longest_gap_s = 0.51; }, [](auto& t) { t.evidence.longest_gap_s = 0.5; }},
        {"shared_cpus", false, "server and load may run on the same core: each slows the other",
         [](auto& t) { t.evidence.are_cpus_shared = true; },
         [](auto& t) { t.evidence.run_queue_wait_ratio = 0.02; }}, // they meet, yet not by plan
        {"server_cpu_unknown", false, "the server's CPU time could not be read",
         [](auto& t) { t.evidence.is_server_cpu_known = false; },
         [](auto& t) { t.evidence.requests_counted.reset(); }}, // it tells less, but its CPU time
        {"server_cpu_unknown", false, "the server's CPU time could not be read: it is elsewhere",
         [](auto& t) {
             t.evidence.is_server_cpu_known = false;
             t.evidence.server_cpu_absence = "it is elsewhere";
         },
         [](auto& t) { t.evidence.server_cpu_absence = "it is elsewhere"; }}, // and tells it by its page
        {"server_killed", false, "the server did not end after SIGTERM and was killed",
         [](auto& t) {
             end_by(t, SIGKILL);
             t.evidence.exit.was_killed = true;
         },
         [](auto& t) { end_by(t, SIGTERM); }},
        {"server_killed", false, "the server left 1 processes, which were killed",
         [](auto& t) { t.evidence.exit.orphans = 1; }, [](auto& t) { t.evidence.exit.orphans = 0; }},
        {"server_exit", false, "the server exited with 1 after SIGTERM",
         [](auto& t) { t.evidence.exit.code = 1; }, [](auto& t) { end_by(t, SIGTERM); }},
    };
}

std::vector<CheckPair> all_pairs() {
    std::vector<CheckPair> all;
    for (auto pairs : {pairs_of_ends(), pairs_of_laws(), pairs_of_background(), pairs_of_load(),
                       pairs_of_open_loop(), pairs_of_machine()})
        all.insert(all.end(), pairs.begin(), pairs.end());
    return all;
}

} // namespace

TEST_CASE("a sound trial has no finding") {
    CHECK(DoctoredTrial().judge().empty());
}

TEST_CASE("each code is tripped by its fault, with its message and its effect") {
    for (const CheckPair& pair : all_pairs()) {
        CAPTURE(pair.message);
        DoctoredTrial trial;
        pair.trips(trial);
        const auto findings = trial.judge();
        REQUIRE_FALSE(findings.empty());
        CHECK(findings[0].warning.code == pair.code);
        CHECK(findings[0].warning.message == pair.message);
        CHECK(findings[0].makes_invalid == pair.makes_invalid);
        const bool is_alone = findings.size() == 1;
        // Wrong values are errors too, and no answers are few.
        CHECK((is_alone || findings[0].warning.code == "verification_failed" ||
               findings[0].warning.code == "nothing_answered"));
    }
}

TEST_CASE("a trial that comes close to a code does not trip it") {
    for (const CheckPair& pair : all_pairs()) {
        CAPTURE(pair.message);
        DoctoredTrial trial;
        pair.comes_close(trial);
        std::string tripped;
        for (const Finding& finding : trial.judge()) tripped += finding.warning.code;
        CHECK(tripped == pair.close_code);
    }
}

TEST_CASE("the table names every code once, and each has its pair above with the effect it promises") {
    std::map<std::string_view, std::set<bool>> effects;
    for (const CheckPair& pair : all_pairs()) effects[pair.code].insert(pair.makes_invalid);
    CHECK(effects.size() == checks().size());
    for (const Check& check : checks()) {
        CAPTURE(check.code);
        CHECK_FALSE(check.condition.empty());
        const std::set<bool> promised = check.kind == CheckKind::kEither
                                            ? std::set{false, true}
                                            : std::set{check.kind == CheckKind::kInvalid};
        CHECK(effects[check.code] == promised);
    }
}

} // namespace kvduel::experiment
