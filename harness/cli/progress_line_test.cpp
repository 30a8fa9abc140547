#include "harness/cli/progress_line.hpp"

#include <doctest/doctest.h>

namespace kvduel::cli {
namespace {

const experiment::Position kPosition{12, 60, 2, 20.4, "hot-get", "async"};

} // namespace

TEST_CASE("a run says at its start how many trials it has and about how long they take") {
    CHECK(begun_text({1, 30, 1, 66.2, "hot-get", "async"}) == "30 trials, about 66 s");
    CHECK(begun_text({1, 300, 1, 601, "hot-get", "async"}) == "300 trials, about 10 min");
    CHECK(begun_text(kPosition) == "49 trials, about 20 s"); // a run that goes on
    CHECK(begun_text({1, 192, 1, 213, "waits", "async", "", 312}) ==
          "192 trials, about 4 min, and up to 5 min more for the boundary");
}

TEST_CASE("a cell that is inserted is announced with its neighbours and what is equal on their line") {
    experiment::Scenario scenario;
    scenario.id = "connections-by-wait";
    scenario.refine.emplace();
    experiment::Insertion next{0, 16, 1'064, {}};
    next.cell.server["work_wait_us"] = "4000";
    CHECK(refining_text(scenario, next) ==
          "refining connections-by-wait: between 16 and 1,064 connections (closed loop, server work_wait_us "
          "4000)");
    scenario.refine->axis = experiment::Axis::kWorkWaitUs;
    CHECK(refining_text(scenario, next) ==
          "refining connections-by-wait: between 16 and 1,064 us of wait (closed loop, 64 connections)");
}

TEST_CASE("the live line tells phase, time left and live figures") {
    CHECK(live_text(kPosition, {}) == "[12/60] 0:21 left  hot-get/async  starting");
    CHECK(live_text(kPosition, {load::Phase::kWindow, 0.84, 2.4, 105'000, 1'240}) ==
          "[12/60] 0:21 left  hot-get/async  measuring 0.8/2.4 s  105,000 RPS  P99 1,240 us");
    CHECK(live_text({1, 60, 0, 20.4, "hot-get", "async", "capacity"}, {}) ==
          "[capacity] 0:21 left  hot-get/async  starting");
}

TEST_CASE("a trial that ended is a plain line; an invalid one names its code and advice") {
    experiment::TrialRecord trial;
    trial.scenario = "hot-get";
    trial.contender = "async";
    trial.block = 2;
    trial.throughput_rps = 105'000;
    trial.latency.p99_us = 1'240;
    CHECK(ended_text(kPosition, trial) == "[12/60] hot-get/async block 2: 105,000 RPS, P99 1,240 us");
    experiment::Position again = kPosition;
    again.repetition = 2;
    CHECK(ended_text(again, trial) == "[12/60 again] hot-get/async block 2: 105,000 RPS, P99 1,240 us");
    trial.verdict = experiment::Verdict::kInvalid;
    trial.warnings = {{"server_died", "signal 11"}};
    CHECK(ended_text(kPosition, trial) ==
          "[12/60] hot-get/async block 2: invalid: server_died: signal 11; its last lines, if it was started "
          "here, are in the report: stderr_tail");
}

} // namespace kvduel::cli
