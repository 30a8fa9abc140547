#include "harness/report/check/check_report.hpp"

#include "harness/experiment/judge/compare.hpp"
#include "harness/experiment/judge/summarise.hpp"
#include "harness/report/report_file.hpp"
#include "harness/report/sample_report_for_test.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>

namespace kvduel::report {
namespace {

using experiment::RunReport;

std::string fault_after(const std::function<void(RunReport&)>& doctor) {
    RunReport report = sample_report();
    report.summary = experiment::summarise(report.trials);
    report.comparisons = experiment::compare(report.trials, report.contenders);
    doctor(report);
    const Outcome outcome = check_report(report, "r.json");
    return outcome ? "none" : message(outcome.error());
}

} // namespace

TEST_CASE("a report that adds up passes, also after it was written and read") {
    CHECK(fault_after([](RunReport&) {}) == "none");
    RunReport report = sample_report();
    report.summary = experiment::summarise(report.trials);
    report.comparisons = experiment::compare(report.trials, report.contenders);
    const auto read = parse_report(report_text(report), "r.json");
    REQUIRE(read);
    CHECK(check_report(*read, "r.json"));
}

TEST_CASE("what a background did survives the file, and must fit its parameters and the server's count") {
    const auto with_noise = [](const std::function<void(load::BackgroundResult&)>& doctor) {
        return fault_after([&](RunReport& report) {
            for (experiment::TrialRecord& trial : report.trials) {
                trial.parameters.background = {{load::BackgroundKind::kNoise, 8}};
                load::BackgroundResult& noise = trial.background.emplace_back();
                noise.background = trial.parameters.background.front();
                noise.held_min = 8;
                noise.answers = {{400, 5}, {501, 2}};
                noise.sent_all_phases = 10;
                noise.completed_all_phases = 8;
                noise.dropped_all_phases = 1;
                noise.first_error = "no";
                trial.server.requests_counted = 1'509;
            }
            report.suite.scenarios[0].cells[0] = report.trials[0].parameters;
            report.summary = experiment::summarise(report.trials);
            report.comparisons = experiment::compare(report.trials, report.contenders);
            doctor(report.trials[0].background[0]);
            const auto read = parse_report(report_text(report), "r.json");
            REQUIRE(read);
            CHECK(read->trials[0].background[0].answers == report.trials[0].background[0].answers);
        });
    };
    const std::string at = "r.json#/trials/0/";
    CHECK(with_noise([](auto&) {}) == "none");
    CHECK(with_noise([](auto& noise) { noise.dropped_all_phases = 3; }) ==
          at + "server/requests_counted: 1509 is not within completed_all_phases .. sent_all_phases = 1498 "
               ".. 1507");
    CHECK(with_noise([](auto& noise) { noise.held_min = 9; }) ==
          at + "background/0/held_min: 9 is over connections = 8");
    CHECK(fault_after([](RunReport& r) { r.trials[0].background.emplace_back(); }) ==
          at + "background: 1 of them, the parameters have 0");
}

TEST_CASE("each figure that does not follow from what stands beside it is named") {
    const std::string at = "r.json#/trials/0/";
    const std::pair<std::string, std::function<void(RunReport&)>> rows[] = {
        {at + "requests/completed: 996 is not succeeded + status + verification = 995",
         [](RunReport& r) { r.trials[0].requests.completed = 996; }},
        {at + "server/cpu_us_per_request: 20 is not cpu_s over the 995 requests that ended = 40",
         [](RunReport& r) { *r.trials[0].server.cpu_s *= 2; }},
        {"r.json#/trials/1: hot-get/async in block 1, repetition 1, stands there twice",
         [](RunReport& r) { r.trials[1].contender = "async"; }},
        {at + "verdict: \"valid\", though no request was answered",
         [](RunReport& r) { r.trials[0].requests = {0, 0, 0, 0, 0, 0, {}}; }},
        {at + "verdict: \"valid\", though answers held wrong values",
         [](RunReport& r) {
             r.trials[0].requests.errors.status -= 1;
             r.trials[0].requests.errors.verification = 1;
         }},
        {at + "verdict: \"valid\", though too many requests failed",
         [](RunReport& r) {
             r.trials[0].requests.succeeded -= 10;
             r.trials[0].requests.errors.status += 10;
         }},
        {at + "verdict: \"valid\", though the window is shorter than was asked for",
         [](RunReport& r) { r.trials[0].duration_s = 1.9; }},
        {at + "verdict: \"valid\", though requests that were due were never sent",
         [](RunReport& r) {
             r.trials[0].parameters.loop = experiment::Loop::kOpen;
             r.suite.scenarios[0].cells.push_back(r.trials[0].parameters);
             r.trials[0].requests.unsent = 11;
         }},
        {"r.json#/environment/doctor/1/remedy: null, though it is a warning",
         [](RunReport& r) { r.environment.doctor[1].remedy.clear(); }},
        {"r.json#/environment/doctor/0/remedy: stands there, though nothing is wrong",
         [](RunReport& r) { r.environment.doctor[0].remedy = "x"; }},
        {"r.json#/environment/doctor/1/check: \"noise\" stands there twice",
         [](RunReport& r) { r.environment.doctor[1].check = "noise"; }},
        {at + "requests/sent: 1001 is not completed + in_flight_at_end + connect + timeout + reset + "
              "protocol = 1000",
         [](RunReport& r) { r.trials[0].requests.sent = 1'001; }},
        {at + "latency_us/count: 993 is not succeeded + timeout + unsent = 994",
         [](RunReport& r) { r.trials[0].requests.unsent = 1; }},
        {at + "status_counts: 994 is not requests.completed = 995",
         [](RunReport& r) { r.trials[0].status_counts[404] = 4; }},
        {at + "server/requests_counted: 1501 is not within completed_all_phases .. sent_all_phases = 1490 .. "
              "1500",
         [](RunReport& r) { r.trials[0].server.requests_counted = 1'501; }},
        {at + "throughput_rps: 496 is not succeeded / duration_s = 495",
         [](RunReport& r) { r.trials[0].throughput_rps = 496; }},
        {at + "offered_rps: null, though the window has a length",
         [](RunReport& r) { r.trials[0].offered_rps.reset(); }},
        {at + "latency_us/p99: 1082.5 is not that of hdr = 1083.391",
         [](RunReport& r) { r.trials[0].latency.p99_us = 1'082.5; }},
        {at + "latency_us/p90: null is not that of hdr = 993.279",
         [](RunReport& r) { r.trials[0].latency.p90_us.reset(); }},
        {at + "latency_us/p99_9: 993 samples carry no such percentile; it needs 6636",
         [](RunReport& r) { r.trials[0].latency.p99_9_us = 1'091; }},
        {at + "latency_us/max: 1200 is outside the bucket 1091.584 to 1092.607 of hdr",
         [](RunReport& r) { r.trials[0].latency.max_us = 1'200; }},
        {at + "intervals/1/start_s: 1.1 is not the end of the one before = 1",
         [](RunReport& r) { r.trials[0].intervals[1].start_s = 1.1; }},
        {at + "intervals: they end at 1 s, the window at 2 s",
         [](RunReport& r) { r.trials[0].intervals.pop_back(); }},
        {at + "intervals: their completed sum to 1060, over 64 from requests.completed = 995",
         [](RunReport& r) { r.trials[0].intervals[0].completed = 565; }},
        {at + "intervals: their completed sum to 1495, over completed_all_phases = 1490",
         [](RunReport& r) {
             r.trials[0].intervals[0].completed = 1'000;
             r.trials[0].intervals[0].p99_us = 700;
             r.trials[0].intervals[0].absent.clear();
         }},
        {at + "intervals: their errors sum to 77, over 64 from those of requests = 8",
         [](RunReport& r) { r.trials[0].intervals[0].errors = 72; }},
        {at + "intervals/0/p99_us: 503 requests carry no such percentile; it needs 662",
         [](RunReport& r) {
             r.trials[0].intervals[0].p99_us = 900;
             r.trials[0].intervals[0].absent.clear();
         }},
        {at + "intervals/0/p50_us: null, though 497 requests succeeded",
         [](RunReport& r) { r.trials[0].intervals[0].p50_us.reset(); }},
        {at + "intervals/0/absent: says nothing of \"p99_us\", which is null",
         [](RunReport& r) { r.trials[0].intervals[0].absent.clear(); }},
        {at + "latency_us/absent: says nothing of \"p99_9\", which is null",
         [](RunReport& r) { r.trials[0].latency.absent.clear(); }},
        {at + "latency_us/absent: \"p50\" is not absent",
         [](RunReport& r) { r.trials[0].latency.absent["p50"] = "lost"; }},
        {at + "latency_us/absent/p99_9: \"lost\" is not \"993 samples, 6636 needed\"",
         [](RunReport& r) { r.trials[0].latency.absent["p99_9"] = "lost"; }},
        {at + "send_lateness_us/absent: says nothing of \"p50\", which is null",
         [](RunReport& r) { r.trials[0].send_lateness.absent.erase("p50"); }},
        {at + "server/queue_wait_us/absent: says nothing of \"p99_9\", which is null",
         [](RunReport& r) { r.trials[0].server.queue_wait->absent.clear(); }},
        {at + "server/queue_wait_us/mean: 9.5 is over max = 9",
         [](RunReport& r) { r.trials[0].server.queue_wait->mean_us = 9.5; }},
        {at + "latency_split_us: null, though the means beside it give one",
         [](RunReport& r) { r.trials[0].latency_split.reset(); }},
        {at + "latency_split_us: there, though the means beside it give none",
         [](RunReport& r) { r.trials[0].server.handler.reset(); }},
        {at + "latency_split_us/handler: 3 is not what the means give = 2",
         [](RunReport& r) { r.trials[0].latency_split->handler_us = 3; }},
        {at + "verdict: \"valid\" beside a code that makes it invalid",
         [](RunReport& r) {
             r.trials[0].warnings = {{"server_died", "signal 11"}};
         }},
        {at + "verdict: \"invalid\" without a code that makes it so",
         [](RunReport& r) { r.trials[0].verdict = experiment::Verdict::kInvalid; }},
        {at + "warnings/0/code: \"bad_luck\" is not a code of the table of checks",
         [](RunReport& r) {
             r.trials[0].warnings = {{"bad_luck", ""}};
         }},
        {at + "scenario: \"other\" is not in the suite",
         [](RunReport& r) { r.trials[0].scenario = "other"; }},
        {at + "contender: \"other\" is not among the contenders",
         [](RunReport& r) { r.trials[0].contender = "other"; }},
        {at + "parameters: no cell of \"hot-get\" has these",
         [](RunReport& r) { r.trials[0].parameters.connections = 65; }},
        {at + "block: 3 is past the 2 repetitions", [](RunReport& r) { r.trials[0].block = 3; }},
        {"r.json#/trials/1/order_in_block: block 1 has two trials in place 1",
         [](RunReport& r) { r.trials[1].order_in_block = 1; }},
        {"r.json#/summary: 0 rows, though the trials give 20", [](RunReport& r) { r.summary.clear(); }},
        {"r.json#/summary/0/median: 500 is not that of the trials = 495",
         [](RunReport& r) { r.summary[0].median = 500; }},
        {"r.json#/summary/0/n: 2 is not that of the trials = 1", [](RunReport& r) { r.summary[0].n = 2; }},
        {"r.json#/summary/0: not the row of hot-get/async throughput_rps that the trials give",
         [](RunReport& r) { std::swap(r.summary[0], r.summary[1]); }},
        {"r.json#/summary/0/lower95: 490 is not that of the trials = null",
         [](RunReport& r) { r.summary[0].lower95 = 490; }},
        {"r.json#/comparisons: 4 rows, though the trials give 5",
         [](RunReport& r) { r.comparisons.pop_back(); }},
        {"r.json#/comparisons: not empty, though the run has not finished",
         [](RunReport& r) { r.run.finished_at.clear(); }},
        {"r.json#/comparisons/0/verdict: \"first\", though its own numbers say \"undecided\"",
         [](RunReport& r) { r.comparisons[0].verdict = experiment::ComparisonVerdict::kFirst; }},
        {"r.json#/comparisons/0/lower90: 1.1 is under lower95 = 1.2",
         [](RunReport& r) {
             r.comparisons[0].lower95 = 1.2;
             r.comparisons[0].lower90 = 1.1;
         }},
        {"r.json#/comparisons/0/ratio_second_over_first: 1.5 is not that of the trials = 1",
         [](RunReport& r) { r.comparisons[0].ratio_second_over_first = 1.5; }},
        {"r.json#/comparisons/1/n: 2 is not that of the trials = 1",
         [](RunReport& r) { r.comparisons[1].n = 2; }},
        {"r.json#/comparisons/0: not the row of hot-get throughput_rps threads/async that the trials give",
         [](RunReport& r) { std::swap(r.comparisons[0], r.comparisons[1]); }},
        {"r.json#/comparisons/0/reasons: not what the trials give",
         [](RunReport& r) { r.comparisons[0].reasons = {"caused by luck"}; }},
        {"r.json#/comparisons/0/warnings: not what the trials give",
         [](RunReport& r) {
             r.comparisons[0].warnings = {{"order_effect", ""}};
         }},
    };
    for (const auto& [expected, doctor] : rows) CHECK(fault_after(doctor) == expected);
}

// A run with a theory that was killed was refused by check, and so by --resume: what theory expects rests on
// figures of the whole run, and nobody had written it yet.
TEST_CASE("a run on its way holds no expectations, a finished one those that follow from it") {
    const auto with_theory = [](bool is_finished) {
        return fault_after([&](RunReport& report) {
            report.suite.scenarios[0].theory = "waiting-handler";
            if (is_finished) return;
            report.run.finished_at.clear();
            report.comparisons.clear();
        });
    };
    CHECK(with_theory(false) == "none");
    CHECK(with_theory(true).starts_with("r.json#/expectations: 0 rows, though the suite gives "));
    CHECK(fault_after([](RunReport& report) {
              report.run.finished_at.clear();
              report.comparisons.clear();
              report.expectations.resize(1);
          }) == "r.json#/expectations: not empty, though the run has not finished");
}

TEST_CASE("a trial that was found to break conservation may stand as it is") {
    CHECK(fault_after([](RunReport& r) {
              r.trials[3].requests.sent = 7;
              r.trials[3].offered_rps = 3.5;
              r.trials[3].warnings = {{"conservation_violated", "sent 7"}};
          }) == "none");
}

TEST_CASE("a trial that ended in its preload stands, whatever the server counted of it") {
    // An interrupt in the preload left the server's count beside books that were never opened.
    CHECK(fault_after([](RunReport& r) {
              experiment::TrialRecord& trial = r.trials[3];
              const experiment::TrialRecord empty;
              trial.warnings = {{"interrupted", "in the preload"}};
              trial.duration_s = 0;
              trial.requests = empty.requests;
              trial.latency = trial.service_time = experiment::make_time_figures({});
              trial.latency_split.reset();
              trial.offered_rps = trial.throughput_rps = std::nullopt;
              trial.status_counts.clear();
              trial.intervals.clear();
              trial.sent_all_phases = trial.completed_all_phases = 0;
              trial.server.requests_counted = 164;
              r.comparisons = experiment::compare(r.trials, r.contenders); // it was no pair that got lost
          }) == "none");
}

} // namespace kvduel::report
