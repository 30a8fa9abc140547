#include "harness/report/tables/result_tables.hpp"

#include "harness/experiment/judge/compare.hpp"
#include "harness/experiment/judge/summarise.hpp"
#include "harness/report/sample_report_for_test.hpp"
#include "harness/report/tables/findings.hpp"
#include "harness/report/tables/verdict_table.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace kvduel::report {
namespace {

experiment::RunReport summed_report() {
    experiment::RunReport report = sample_report();
    report.summary = experiment::summarise(report.trials);
    report.comparisons = experiment::compare(report.trials, report.contenders);
    return report;
}

} // namespace

TEST_CASE("the table holds medians, one unit a column, the verdicts, and what is invalid") {
    CHECK(render_results(summed_report(), Format::kTable) ==
          "mine · 2 contenders · 2 repetitions · seed 18446744073709551615 · server cpu 0, load cpu 1\n"
          "\n"
          "INVALID: 1 of 4 trials, which enter no figure below\n"
          "hot-get/async block 2: invalid: generator_saturated: busy share 0.98; "
          "widen --load-cpus\n"
          "lost, after all repeats: 1 of 2 pairs (50 %); over 20 % makes a run invalid\n"
          "\n"
          "hot-get   closed loop, 64 connections\n"
          "           RPS  P50 us  P90 us  P99 us  CPU us/req  switches/req  RSS MiB  valid              "
          "invalid\n"
          "  async    495     596     993   1,083        20.0          0.25     8.00    1/2  "
          "generator_saturated\n"
          "  threads  495     646   1,043   1,134        70.0          0.25     8.00    2/2                  "
          "  -\n"
          "  undecided: threads has 1.00x the RPS of async, 1 block (1 lost)\n"
          "    1 of 2 pairs were lost, mostly to invalid trials: what is left may be a selection\n"
          "           mean us  = before send  + queue wait  + handler  + rest\n"
          "  async        596           0.00          2.00       2.00     592\n"
          "  threads      646           0.00          2.00       2.00     642\n"
          "\n"
          "verdicts: threads against async             RPS        CPU        P50        P99        RSS  "
          "blocks\n"
          "hot-get: closed loop, 64 connections  undecided  undecided  undecided  undecided  undecided       "
          "1\n"
          "  async wins 0, threads wins 0, equivalent 0, undecided 5\n"
          "\n" +
              overview_note() + "\n" + std::string(kSplitNote) + "\n");
}

TEST_CASE("markdown, csv and json hold the same figures") {
    const experiment::RunReport report = summed_report();
    CHECK(render_results(report, Format::kMarkdown).find("| async | 495 | 596 |") != std::string::npos);
    CHECK(render_results(report, Format::kCsv)
              .find("\nhot-get,\"closed loop, 64 connections\",64,async,495,500,596.479,") !=
          std::string::npos);
    const auto json = nlohmann::json::parse(render_results(report, Format::kJson));
    CHECK(json["cells"][0]["contenders"][1]["throughput_rps"] == 495);
    CHECK(json["comparisons"][0]["ratio_second_over_first"] == 1.0);
    CHECK(json["comparisons"][0]["verdict"] == "undecided");
    CHECK(json["comparisons"].size() == 5);
    CHECK(json["findings"].empty());
    CHECK(json["invalid"].size() == 1);
    CHECK(json["cells"][0]["contenders"][0]["invalid_codes"][0] == "generator_saturated");
    CHECK(json["cells"][0]["splits"][0]["latency_split_us"]["rest"] == 592);
}

TEST_CASE("an invalid trial bears its code in every format and stands before the figures") {
    const experiment::RunReport report = summed_report();
    for (const Format format : {Format::kTable, Format::kMarkdown}) {
        const std::string text = render_results(report, format);
        CHECK(text.find("INVALID: 1 of 4 trials") < text.find("495"));
        CHECK(text.find("invalid: generator_saturated: busy share 0.98") < text.find("495"));
    }
    CHECK(render_results(report, Format::kCsv).find(",1,2,generator_saturated,") != std::string::npos);
    CHECK(render_results(report, Format::kCsv).find(",2,2,,async,1,") != std::string::npos);
}

TEST_CASE(
    "what invalid trials took from a run is said when it has ended, with cells that have nothing at all") {
    experiment::RunReport report = summed_report();
    for (experiment::TrialRecord& trial : report.trials)
        if (trial.contender == "async") trial.verdict = experiment::Verdict::kInvalid;
    const std::string text = render_results(report, Format::kTable);
    CHECK(text.find("lost, after all repeats: 2 of 2 pairs (100 %)") != std::string::npos);
    CHECK(text.find("without a single valid pair, which makes it invalid: hot-get: async and threads\n") !=
          std::string::npos);
    report.run.finished_at.clear(); // trials are still to come
    CHECK(render_results(report, Format::kTable).find("after all repeats") == std::string::npos);
}

// "warning in 2 of 1 trials": warnings were counted, and one code may have two reasons in one trial.
TEST_CASE("a code that a trial bears twice is one trial in the count of those that bear it") {
    experiment::RunReport report = summed_report();
    report.trials[0].warnings = {{"noisy_machine", "stolen"}, {"noisy_machine", "throttled"}};
    CHECK(finding_lines(report).front().starts_with("warning in 1 of 4 trials: noisy_machine: stolen"));
    report.trials[2].warnings = report.trials[0].warnings;
    CHECK(finding_lines(report).front().starts_with("warning in 2 of 4 trials: noisy_machine: stolen"));
    for (std::size_t i = 0; i < 4; ++i) { // all four run again, and stand by that
        report.trials[i].verdict = experiment::Verdict::kValid;
        report.trials.push_back(report.trials[i]);
        report.trials.back().repetition = 2;
    }
    report.trials[0].verdict = experiment::Verdict::kInvalid;
    report.trials[0].warnings = {{"send_late", "by 2 ms"}};
    CHECK(finding_lines(report).back().find("stands_by_repeats: hot-get closed loop, 64 connections") !=
          std::string::npos);
}

TEST_CASE("the split of an invalid trial is not shown, nor one that no server told") {
    experiment::RunReport report = summed_report();
    for (auto& trial : report.trials) trial.latency_split.reset();
    CHECK(render_results(report, Format::kTable).find("before send") == std::string::npos);
    report = summed_report();
    report.trials[3].latency_split->rest_us = 77'777; // invalid
    CHECK(render_results(report, Format::kTable).find("77,777") == std::string::npos);
}

TEST_CASE("the split of several trials is the mean of each part, and adds up to the mean of the means") {
    experiment::RunReport report = summed_report();
    report.trials[1].latency.mean_us = 1'000;
    report.trials[1].latency_split = experiment::LatencySplit{300, 20, 600, 80};
    report.trials[2].latency.mean_us = 500;
    report.trials[2].latency_split = experiment::LatencySplit{0, 40, 400, 60};
    report.trials[3].verdict = experiment::Verdict::kValid; // or the pair of trials[2] would be lost
    const auto rows = split_rows(report, "hot-get", report.trials[1].parameters, {"threads"});
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].trials == 2);
    CHECK(rows[0].mean_us == 750);
    CHECK(rows[0].split.before_send_us == 150);
    CHECK(rows[0].split.queue_wait_us == 30);
    CHECK(rows[0].split.handler_us == 500);
    CHECK(rows[0].split.rest_us == 70);
    // One that was run again counts no longer.
    experiment::TrialRecord first_run = report.trials[1];
    report.trials[0].repetition = report.trials[1].repetition = 2;
    first_run.latency_split = experiment::LatencySplit{7'000, 7'000, 7'000, 7'000};
    report.trials.push_back(first_run);
    CHECK(split_rows(report, "hot-get", first_run.parameters, {"threads"})[0].split.handler_us == 500);
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

TEST_CASE("what runs beside the load stands in the line above the figures") {
    experiment::Parameters cell;
    cell.background = {{load::BackgroundKind::kIdle, 10'000}, {load::BackgroundKind::kNoise, 1}};
    cell.server["threads"] = "2";
    CHECK(cell_label(cell) == "closed loop, 64 connections, beside 10000 idle and 1 noise, server threads 2");
}

TEST_CASE("a contender without a valid trial has no figures but stays in the table") {
    experiment::RunReport report = sample_report();
    for (auto& trial : report.trials) trial.verdict = experiment::Verdict::kInvalid;
    report.summary = experiment::summarise(report.trials);
    report.comparisons = experiment::compare(report.trials, report.contenders);
    const std::string text = render_results(report, Format::kTable);
    CHECK(text.find("  async      -       -       -       -           -             -        -    0/2  "
                    "generator_saturated\n") != std::string::npos);
    CHECK(text.find("undecided: threads against async by RPS\n    no block has the figure of both") !=
          std::string::npos);
}

TEST_CASE("texts of strangers reach the terminal without control bytes") {
    experiment::RunReport report = summed_report();
    report.run.notes = {"left out \x1b[31m"};
    report.trials.back().warnings.front().message = "\x1b]0;title\x07";
    CHECK(render_results(report, Format::kTable).find('\x1b') == std::string::npos);
}

} // namespace kvduel::report
