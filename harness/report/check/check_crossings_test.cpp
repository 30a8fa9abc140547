#include "harness/report/check/check_crossings.hpp"

#include "harness/experiment/judge/compare.hpp"
#include "harness/experiment/judge/crossing.hpp"
#include "harness/experiment/judge/summarise.hpp"
#include "harness/experiment/plan/axis.hpp"
#include "harness/report/check/check_report.hpp"
#include "harness/report/report_file.hpp"
#include "harness/report/sample_report_for_test.hpp"
#include "harness/report/tables/result_tables.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <functional>

namespace kvduel::report {
namespace {

using experiment::Parameters;
using experiment::RunReport;

/// Both contenders in 4 blocks of a cell; async comes first in each. Threads' CPU is `factor` times async's,
/// their throughput that share of it.
void add_cell(RunReport& report, const Parameters& cell, double factor) {
    for (unsigned block = 1; block <= 4; ++block)
        for (const char* contender : {"async", "threads"}) {
            experiment::TrialRecord trial = sample_trial(contender, block, 0);
            const double share = contender[0] == 'a' ? 1 : factor;
            trial.repetition = 1;
            trial.order_in_block = static_cast<unsigned>(report.trials.size() + 1);
            trial.parameters = cell;
            trial.duration_s = 2 / share; // the same requests in another time
            trial.offered_rps = 500 * share;
            trial.throughput_rps = 495 * share;
            trial.intervals[0].duration_s = trial.intervals[1].duration_s = trial.intervals[1].start_s =
                1 / share;
            report.trials.push_back(trial);
        }
}

/// A grid of 4, 16 and 64 connections, refined once: async wins from 32 on.
RunReport refined_report() {
    RunReport report = sample_report();
    const Parameters cell = report.suite.scenarios[0].cells[0];
    report.trials.clear();
    experiment::Scenario& scenario = report.suite.scenarios[0];
    scenario.cells.clear();
    scenario.swept = {"connections"};
    scenario.refine.emplace();
    scenario.inserted = 1;
    report.suite.repetitions = 4;
    for (const unsigned connections : {4U, 16U, 64U, 32U}) {
        scenario.cells.push_back(experiment::moved_to(cell, experiment::Axis::kConnections, connections));
        add_cell(report, scenario.cells.back(), connections < 32 ? 1 : 0.5);
    }
    report.summary = experiment::summarise(report.trials);
    report.comparisons = experiment::compare(report.trials, report.contenders);
    report.crossings = experiment::crossings(report.suite, report.comparisons);
    return report;
}

std::string crossing_fault_after(const std::function<void(RunReport&)>& doctor) {
    RunReport report = refined_report();
    doctor(report);
    const Outcome outcome = check_report(report, "r.json");
    return outcome ? "none" : message(outcome.error());
}

} // namespace

TEST_CASE("a refined report that adds up passes, and survives the file") {
    CHECK(crossing_fault_after([](RunReport&) {}) == "none");
    const RunReport report = refined_report();
    REQUIRE(report.crossings.size() == 1);
    CHECK(report.crossings[0].lower == 16);
    CHECK(report.crossings[0].upper == 32);
    CHECK(report.crossings[0].stopped_by == experiment::StripEnd::kUnfinished);
    const std::string text = report_text(report);
    const auto read = parse_report(text, "r.json");
    REQUIRE_MESSAGE(read, message(read.error()));
    CHECK(report_text(*read) == text);
    CHECK(read->suite == report.suite);
    CHECK(read->crossings == report.crossings);
}

TEST_CASE("a doctored crossing or insertion is named with its place") {
    using Doctor = std::function<void(RunReport&)>;
    const std::string row =
        "r.json#/crossings/0: not the row of hot-get threads/async from 16 to 32 that the comparisons give";
    const std::string insertion =
        "r.json#/suite/scenarios/0/cells/3: was inserted, but not between cells of the suite that differ by "
        "the axis alone";
    const std::pair<std::string, Doctor> rows[] = {
        {row, [](RunReport& r) { r.crossings[0].upper = 64; }},
        {row, [](RunReport& r) { r.crossings[0].lower_word = experiment::ComparisonVerdict::kFirst; }},
        {row, [](RunReport& r) { r.crossings[0].stopped_by = experiment::StripEnd::kStep; }},
        {row, [](RunReport& r) { r.crossings[0].parameters.connections = 4; }},
        {"r.json#/crossings: 0 rows, though the comparisons give 1",
         [](RunReport& r) { r.crossings.clear(); }},
        {"r.json#/crossings: 1 rows, though the comparisons give 0",
         [](RunReport& r) {
             r.suite.scenarios[0].refine.reset();
             r.suite.scenarios[0].inserted = 0;
         }},
        {"r.json#/crossings: not empty, though the run has not finished",
         [](RunReport& r) {
             r.run.finished_at.clear();
             r.comparisons.clear();
         }},
        {"r.json#/suite/scenarios/0/inserted: 4 of 4 cells",
         [](RunReport& r) { r.suite.scenarios[0].inserted = 4; }},
        {"r.json#/suite/scenarios/0/inserted: 1 of 4 cells, though nothing is refined",
         [](RunReport& r) { r.suite.scenarios[0].refine.reset(); }},
        {insertion, [](RunReport& r) { r.suite.scenarios[0].cells[3].connections = 65; }},
        {insertion, [](RunReport& r) { r.suite.scenarios[0].cells[3].duration_s = 9; }}};
    for (const auto& [expected, doctor] : rows) CHECK(crossing_fault_after(doctor) == expected);
}

TEST_CASE("every format that holds the verdicts names the boundary; inserted cells stand in their place") {
    const RunReport report = refined_report();
    const std::string table = render_results(report, Format::kTable);
    CHECK(table.find("hot-get: closed loop: threads against async: equivalent up to 16 connections, async "
                     "wins from 32 on (RPS)") != std::string::npos);
    CHECK(table.find("loop, 16 connections") < table.find("loop, 32 connections"));
    CHECK(table.find("loop, 32 connections") < table.find("loop, 64 connections"));
    CHECK(
        render_results(report, Format::kMarkdown).find("| hot-get: closed loop | threads / async | RPS |") !=
        std::string::npos);
    const auto json = nlohmann::json::parse(render_results(report, Format::kJson));
    CHECK(json["crossings"][0]["upper"] == 32);
    CHECK(json["crossings"][0]["stopped_by"] == "unfinished");
    RunReport running = report;
    running.run.finished_at.clear();
    running.comparisons.clear();
    running.crossings.clear();
    CHECK(render_results(running, Format::kTable).find("async wins from 32 on") != std::string::npos);
}

} // namespace kvduel::report
