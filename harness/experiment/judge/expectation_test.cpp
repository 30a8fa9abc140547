#include "harness/experiment/judge/expectation.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {
namespace {

Contender contender(const char* id, const char* model, std::vector<std::string> command) {
    Contender contender;
    contender.id = id;
    contender.model = model;
    contender.command = std::move(command);
    contender.options = {
        {"threads", "--threads"}, {"work_wait_us", "--work-wait-us"}, {"work_cpu_us", "--work-cpu-us"}};
    contender.options["workers"] = contender.model == "threads" ? "--threads" : "";
    return contender;
}

/// A pool of 16 workers and coroutines, 64 connections, a wait of 5 ms; the server has one core.
RunReport report_of_waits() {
    RunReport report;
    report.environment.cpus = 2;
    report.environment.server_cpus = {0};
    report.contenders = {contender("pool", "threads", {"t", "--dispatch", "channel"}),
                         contender("async", "async", {"a"}), contender("mine", "other", {"m"})};
    report.suite.scenarios.resize(1);
    report.suite.scenarios[0].id = "waits";
    report.suite.scenarios[0].theory = "waiting-handler";
    report.suite.scenarios[0].cells.resize(1);
    report.suite.scenarios[0].cells[0].server = {{"workers", "16"}, {"work_wait_us", "5000"}};
    return report;
}

} // namespace

TEST_CASE("each contender of a known model has its expectation, with the workers that it is given") {
    const auto all = expectations(report_of_waits());
    REQUIRE(all.size() == 4); // two figures each; of the third nothing is known
    CHECK(all[0].contender == "pool");
    CHECK(all[0].metric == "throughput_rps");
    CHECK(all[0].expected == doctest::Approx(3'200));
    CHECK(all[0].formula == "min(workers 16, in flight 64) / (wait 5000 us + own CPU 0 us)");
    CHECK(all[2].contender == "async");
    CHECK(all[2].expected == doctest::Approx(12'800));
    CHECK(all[3].metric == "latency_mean_us");
    CHECK(all[3].expected == doctest::Approx(5'000));
}

TEST_CASE("a request's own CPU is what the contender needed in hot-get of the same run") {
    RunReport report = report_of_waits();
    SummaryRow row;
    row.scenario = "hot-get";
    row.contender = "async";
    row.metric = "cpu_us_per_request";
    row.median = 1'000;
    report.summary = {row};
    const auto all = expectations(report);
    CHECK(all[0].expected == doctest::Approx(3'200));
    CHECK(all[2].expected == doctest::Approx(1'000)); // a core does no more than 1 / 1 ms
}

TEST_CASE("what a cell leaves open is the command's, then a worker per core") {
    RunReport report = report_of_waits();
    const Parameters& cell = report.suite.scenarios[0].cells[0];
    Parameters open_cell = cell;
    open_cell.server = {{"work_wait_us", "100@10%"}};
    Contender pool = report.contenders[0];
    CHECK(theory_inputs(report, pool, cell)->workers == 16);
    CHECK(theory_inputs(report, pool, open_cell)->workers == 1);
    CHECK(theory_inputs(report, pool, open_cell)->wait.mean() == doctest::Approx(10e-6));
    pool.command.insert(pool.command.end(), {"--threads", "4"});
    CHECK(theory_inputs(report, pool, open_cell)->workers == 4);
    CHECK(theory_inputs(report, report.contenders[1], cell)->workers ==
          1); // "workers" are not for coroutines
    pool.command = {"t", "--dispatch", "connection"};
    CHECK(theory_inputs(report, pool, cell)->dispatch == Dispatch::kConnection);
    pool.model = "goroutines";
    CHECK(theory_inputs(report, pool, cell)->dispatch == Dispatch::kTaskPool);
    CHECK(theory_inputs(report, pool, cell)->workers == 16);
    pool.options["workers"] = "";
    CHECK(theory_inputs(report, pool, cell)->dispatch == Dispatch::kCoroutines);
    open_cell.loop = Loop::kOpen;
    CHECK_FALSE(theory_inputs(report, pool, open_cell)); // its rate is not measured yet
}

TEST_CASE("work is read as the servers read it") {
    CHECK(parse_work("5000").mean() == doctest::Approx(0.005));
    CHECK(parse_work("10000@1%").mean() == doctest::Approx(100e-6));
    CHECK(parse_work("10000@1%").seconds == doctest::Approx(0.01));
    for (const char* text : {"", "x", "5@", "5@1", "5@x%", "5x1%", "5@1%%"}) {
        CAPTURE(text);
        CHECK(parse_work(text).mean() == 0);
    }
}

} // namespace kvduel::experiment
