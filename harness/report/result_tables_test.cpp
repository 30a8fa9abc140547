#include "harness/report/result_tables.hpp"

#include "harness/experiment/summarise.hpp"
#include "harness/report/sample_report.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace kvduel::report {
namespace {

experiment::RunReport summed_report() {
    experiment::RunReport report = sample_report();
    report.summary = experiment::summarise(report.trials);
    return report;
}

} // namespace

TEST_CASE("the table holds medians, one unit a column, who was ahead, and what is invalid") {
    CHECK(render_results(summed_report(), Format::kTable) ==
          "mine · 2 contenders · 2 repetitions · seed 18446744073709551615 · server cpu 0, load cpu 1\n"
          "\n"
          "hot-get   closed loop, 64 connections\n"
          "           RPS  P50 us  P90 us  P99 us  CPU us/req  switches/req  RSS MiB  valid\n"
          "  async    495     596     993   1,083        20.0          0.25     8.00    1/2\n"
          "  threads  495     651   1,049   1,139        75.0          0.25     8.00    2/2\n"
          "  async was ahead of threads: 1.00x RPS in the one block\n"
          "\n"
          "hot-get/async block 2: invalid: generator_saturated: busy share 0.98; it measures the generator; "
          "widen "
          "--load-cpus\n");
}

TEST_CASE("markdown, csv and json hold the same figures") {
    const experiment::RunReport report = summed_report();
    CHECK(render_results(report, Format::kMarkdown).find("| async | 495 | 596 |") != std::string::npos);
    CHECK(render_results(report, Format::kCsv)
              .find("\nhot-get,\"closed loop, 64 connections\",64,async,495,500,596.479,") != std::string::npos);
    const auto json = nlohmann::json::parse(render_results(report, Format::kJson));
    CHECK(json["cells"][0]["contenders"][1]["throughput_rps"] == 495);
    CHECK(json["leads"][0]["median_rps_ratio"] == 1.0);
    CHECK(json["findings"].size() == 1);
}

TEST_CASE("an open loop's table names its rate, and shows what was sent and the service time beside") {
    experiment::RunReport report = sample_report();
    for (auto& trial : report.trials) {
        trial.parameters.loop = experiment::Loop::kOpen;
        trial.parameters.rate_per_s = 500;
        trial.parameters.arrivals = workload::ArrivalKind::kPoisson;
    }
    report.summary = experiment::summarise(report.trials);
    const std::string text = render_results(report, Format::kTable);
    CHECK(text.find("\nhot-get   open loop, poisson arrivals, 500 requests/s, 64 connections\n"
                    "           RPS  sent/s  P50 us  P90 us  P99 us  service P99 us  CPU us/req") !=
          std::string::npos);
    CHECK(text.find("\n  async    495     500     596     993   1,083           1,083        20.0") !=
          std::string::npos);
}

TEST_CASE("a contender without a valid trial has no figures but stays in the table") {
    experiment::RunReport report = sample_report();
    for (auto& trial : report.trials) trial.verdict = experiment::Verdict::kInvalid;
    report.summary = experiment::summarise(report.trials);
    const std::string text = render_results(report, Format::kTable);
    CHECK(text.find("  async      -       -       -       -           -             -        -    0/2\n") !=
          std::string::npos);
    CHECK(text.find("no block has a valid trial of both") != std::string::npos);
}

TEST_CASE("texts of strangers reach the terminal without control bytes") {
    experiment::RunReport report = summed_report();
    report.run.notes = {"left out \x1b[31m"};
    report.trials.back().warnings.front().message = "\x1b]0;title\x07";
    CHECK(render_results(report, Format::kTable).find('\x1b') == std::string::npos);
}

} // namespace kvduel::report
