#include "harness/experiment/judge/reasons.hpp"

#include "harness/experiment/judge/compare.hpp"
#include "harness/experiment/judge/duel_for_test.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {
namespace {

using Lines = std::vector<std::string>;

/// Eight blocks in which b serves half as much again; a then waits in a queue, with more CPU and switches.
std::vector<TrialRecord> explained_duel() {
    std::vector<TrialRecord> trials = duel({1.5, 1.51, 1.49, 1.5, 1.52, 1.48, 1.5, 1.51});
    for (TrialRecord& trial : trials) {
        const bool is_a = trial.contender == "a";
        trial.latency.mean_us = is_a ? 41'000 : 5'000;
        trial.latency_split = is_a ? LatencySplit{0, 35'000, 5'000, 1'000} : LatencySplit{0, 10, 4'900, 90};
        trial.server.cpu_us_per_request = is_a ? 29.0 : 11.0;
        trial.server.cpu_user_s = is_a ? 0.4 : 0.5;
        trial.server.cpu_system_s = is_a ? 1.6 : 0.5;
        trial.server.context_switches_per_request = is_a ? 1.36 : 0.29;
        trial.server.threads_max = is_a ? 10 : 3;
        trial.server.rss_max_bytes = is_a ? 6'000'000 : 5'000'000;
    }
    return trials;
}

Lines reasons_by(const std::vector<TrialRecord>& trials, const std::string& metric) {
    for (const Comparison& comparison : compare(trials, duellists()))
        if (comparison.metric == metric) return comparison.reasons;
    return {"no such metric"};
}

} // namespace

TEST_CASE("golden: what goes along with more throughput") {
    CHECK(reasons_by(explained_duel(), "throughput_rps") ==
          Lines{"queue wait accounts for 34,990 of the 36,000 us that a takes longer on average",
                "goes along with CPU a request: b 11.0 us, a 29.0 us",
                "goes along with context switches a request: b 0.29, a 1.36"});
}

TEST_CASE("golden: what CPU time is made of") {
    CHECK(reasons_by(explained_duel(), "cpu_us_per_request") ==
          Lines{"system time accounts for 17.7 of the 18.0 us that a uses more a request",
                "goes along with context switches a request: b 0.29, a 1.36"});
}

TEST_CASE("golden: what goes along with memory") {
    CHECK(reasons_by(explained_duel(), "rss_max_bytes") == Lines{"goes along with threads: b 3, a 10"});
}

TEST_CASE("a part that exceeds the sum, as another goes the other way, accounts for all of it") {
    std::vector<TrialRecord> trials = explained_duel();
    for (TrialRecord& trial : trials)
        if (trial.contender == "a") trial.latency_split = LatencySplit{0, 40'910, 50, 40};
    CHECK(reasons_by(trials, "throughput_rps").at(0) ==
          "queue wait accounts for all of the 36,000 us that a takes longer on average");
}

TEST_CASE("a wait that stands in the queue of the one and in the rest of the other is no reason") {
    std::vector<TrialRecord> trials = explained_duel();
    for (TrialRecord& trial : trials) {
        const bool is_a = trial.contender == "a";
        trial.latency.mean_us = is_a ? 340 : 317;
        trial.latency_split = is_a ? LatencySplit{0, 160, 8, 172} : LatencySplit{0, 0, 1, 316};
    }
    CHECK(reasons_by(trials, "throughput_rps").at(0) == "the time outside the handler accounts for 16.0 of "
                                                        "the 23.0 us that a takes longer on average, handler "
                                                        "time for 7.00");
}

TEST_CASE("two parts of weight are both named, the larger first") {
    std::vector<TrialRecord> trials = explained_duel();
    for (TrialRecord& trial : trials)
        if (trial.contender == "a") trial.latency_split = LatencySplit{12'000, 10, 28'900, 90};
    CHECK(reasons_by(trials, "throughput_rps").at(0) ==
          "handler time accounts for 24,000 of the 36,000 us that a takes longer on average, the wait before "
          "the send for 12,000");
}

TEST_CASE("nothing is said of a cost that the winner bears, or that one block has the other way") {
    std::vector<TrialRecord> trials = explained_duel();
    for (TrialRecord& trial : trials) {
        trial.latency_split.reset();
        if (trial.contender == "a") trial.server.cpu_us_per_request = 10.0;
    }
    trials[0].server.context_switches_per_request = 0.1;
    CHECK(reasons_by(trials, "throughput_rps").empty());
    // By CPU a now wins, whose system time is longer all the same.
    CHECK(reasons_by(trials, "cpu_us_per_request") ==
          Lines{"user time adds 3.50 us, the other parts take 2.50 off: 1.00 us that b uses more a request"});
}

TEST_CASE("a figure that one trial does not have is no reason") {
    std::vector<TrialRecord> trials = explained_duel();
    trials[4].latency_split.reset();
    trials[5].server.cpu_user_s.reset();
    CHECK(reasons_by(trials, "throughput_rps").size() == 2);
    CHECK(reasons_by(trials, "cpu_us_per_request").size() == 1);
}

TEST_CASE("equivalents need no reason, and the undecided say what is missing") {
    CHECK(reasons_by(duel({1, 1.001, 0.999, 1, 1.002, 0.998}), "throughput_rps").empty());
    CHECK(reasons_by(duel({1, 1.2, 0.8, 1.1, 0.9, 1}), "throughput_rps") ==
          Lines{"shown is neither a difference (p 0.875) nor equality within 3 % (90 % interval 0.894 to "
                "1.100)"});
    CHECK(reasons_by(duel({1.02, 1.03, 1.025, 1.028, 1.022, 1.031, 1.029, 1.034}), "throughput_rps") ==
          Lines{"they differ (p 0.008), but whether by the margin of 3 % is open"});
}

} // namespace kvduel::experiment
