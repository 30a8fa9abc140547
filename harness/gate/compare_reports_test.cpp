#include "harness/gate/compare_reports.hpp"

#include "harness/experiment/judge/duel_for_test.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

namespace kvduel::gate {

namespace {

/// A finished run whose contender b has these ratios of throughput to a, block by block.
experiment::RunReport run_of(const std::vector<double>& ratios) {
    experiment::RunReport report;
    report.tool.build_type = "Release";
    report.run.finished_at = "2026-01-01T00:00:00Z";
    report.environment.fingerprint = "0123456789abcdef";
    report.suite.id = "ci";
    report.suite.repetitions = static_cast<unsigned>(ratios.size());
    report.suite.scenarios.resize(1);
    report.suite.scenarios[0].id = "hot-get";
    report.suite.scenarios[0].cells.resize(1);
    report.contenders = experiment::duellists();
    report.contenders[0].sha256 = "the same";
    report.trials = experiment::duel(ratios);
    return report;
}

std::vector<double> around(double ratio) {
    return {ratio,         ratio * 1.004, ratio * 0.997, ratio * 1.001,
            ratio * 0.999, ratio * 1.003, ratio * 0.996, ratio};
}

/// The same as a cell at half of a capacity, of which this run made so many requests a second.
experiment::RunReport at_half(experiment::RunReport report, double rate_per_s) {
    experiment::Parameters& cell = report.suite.scenarios[0].cells[0];
    cell.loop = experiment::Loop::kOpen;
    cell.load_fraction = 0.5;
    cell.rate_per_s = rate_per_s;
    for (experiment::TrialRecord& trial : report.trials) trial.parameters = cell;
    return report;
}

bool warns_of(const CompareResult& result, std::string_view code) {
    return std::ranges::any_of(result.warnings,
                               [&](const std::string& warning) { return warning.starts_with(code); });
}

struct Pair {
    experiment::RunReport base = run_of(around(1));
    experiment::RunReport head = run_of(around(1));
    Tolerances tolerances{{{"throughput_rps", "", 0.08}}};
    BetweenRuns noise{{{"throughput_rps", 0.005}}};
    std::string control;

    Result<CompareResult> compared() const {
        return compare_reports({base, head, control, tolerances, noise});
    }
};

} // namespace

TEST_CASE("what a contender is to the control, and by how much that changed") {
    Pair pair;
    pair.head = run_of(around(0.8));
    const auto result = pair.compared();
    REQUIRE(result);
    CHECK(result->control == "a");
    REQUIRE(result->rows.size() == 1);
    const CompareRow& row = result->rows[0];
    CHECK(row.contender == "b");
    CHECK(*row.change == doctest::Approx(0.8).epsilon(0.001));
    CHECK(row.word == RowWord::kRegression);
    CHECK(result->verdict == GateVerdict::kRegression);
    CHECK(result->warnings.empty());
}

TEST_CASE("a run against its like is no worse, and one that gained is not either") {
    Pair pair;
    CHECK(pair.compared()->verdict == GateVerdict::kPass);
    pair.head = run_of(around(1.5));
    CHECK(pair.compared()->verdict == GateVerdict::kPass);
}

TEST_CASE("a run that kvduel itself calls invalid is not judged") {
    Pair faulty;
    faulty.head.trials[3].verdict = experiment::Verdict::kInvalid;
    faulty.head.trials[3].warnings = {{"server_died", "by itself"}};
    REQUIRE_FALSE(faulty.compared());
    CHECK(faulty.compared().error().kind == ErrorKind::kInvalid);
    CHECK(message(faulty.compared().error()).find("server_died") != std::string::npos);
    Pair lossy;
    for (experiment::TrialRecord& trial : lossy.base.trials)
        if (trial.block <= 3) trial.verdict = experiment::Verdict::kInvalid;
    REQUIRE_FALSE(lossy.compared());
    CHECK(message(lossy.compared().error()).find("lost 3 of its 8 pairs") != std::string::npos);
}

TEST_CASE(
    "a metric whose variance between runs nobody recorded is shown, said, and keeps nothing from passing") {
    Pair pair;
    pair.tolerances.rows.push_back({"latency_p90_us", "", 0.2});
    const auto result = pair.compared();
    REQUIRE(result);
    CHECK(result->verdict == GateVerdict::kPass);
    REQUIRE(result->warnings.size() == 1);
    CHECK(result->warnings[0].starts_with("not_judged: latency_p90_us"));
}

TEST_CASE("what runs differ by anyway is neither proven to be there nor to be absent") {
    Pair pair;
    CHECK_FALSE(warns_of(*pair.compared(), "cannot_pass"));
    pair.noise.rows[0].sd = 0.1;
    CHECK(pair.compared()->verdict == GateVerdict::kInconclusive);
    // 1.645 times the square root of 2 times 0.1 is 0.233; as a loss 1 - e^-0.233.
    REQUIRE(warns_of(*pair.compared(), "cannot_pass: throughput_rps"));
    CHECK(pair.compared()->warnings[0].find("20.8 % worse, and 8 % is allowed") != std::string::npos);
    pair.head = run_of(around(1.5));
    CHECK(pair.compared()->verdict == GateVerdict::kPass);
    CHECK(pair.compared()->warnings.empty());
    pair.head = run_of(around(0.8));
    CHECK(pair.compared()->verdict == GateVerdict::kInconclusive);
    pair.noise.rows.clear();
    CHECK(pair.compared()->rows[0].word == RowWord::kUnjudged);
    CHECK(pair.compared()->verdict == GateVerdict::kInconclusive);
}

TEST_CASE("a share of a capacity is one cell, whatever rate each run made of it") {
    // Judged at all only where P99 is the question of an open loop, so by a metric of both.
    Pair pair;
    pair.tolerances = {{{"cpu_us_per_request", "", 0.07}}};
    pair.noise = {{{"cpu_us_per_request", 0.005}}};
    const auto priced = [](const std::vector<double>& ratios, double rate_per_s) {
        experiment::RunReport report = at_half(run_of(ratios), rate_per_s);
        for (experiment::TrialRecord& trial : report.trials)
            trial.server.cpu_us_per_request = *trial.throughput_rps / 100;
        return report;
    };
    pair.base = priced(around(1), 10'000);
    pair.head = priced(around(1), 10'400);
    REQUIRE(pair.compared()->rows.size() == 1);
    CHECK(pair.compared()->rows[0].n_base == 8);
    CHECK(pair.compared()->rows[0].n_head == 8);
    CHECK(pair.compared()->verdict == GateVerdict::kPass);
    CHECK(pair.compared()->warnings.empty());
    pair.head = priced(around(2), 10'600);
    CHECK(pair.compared()->verdict == GateVerdict::kRegression);
    CHECK(warns_of(*pair.compared(),
                   "rates_differ: hot-get: 50 % of capacity was 10000/s in base and 10600/s"));
}

TEST_CASE("a cell that one run inserted is its own") {
    Pair pair;
    for (const auto& [report, connections] : {std::pair(&pair.base, 24U), std::pair(&pair.head, 12U)}) {
        experiment::Scenario& scenario = report->suite.scenarios[0];
        scenario.cells.push_back(scenario.cells[0]);
        scenario.cells[1].connections = connections;
        scenario.inserted = 1;
        for (experiment::TrialRecord trial : run_of(around(1)).trials) {
            trial.parameters.connections = connections;
            report->trials.push_back(trial);
        }
    }
    CHECK(pair.compared()->rows.size() == 1);
    CHECK(pair.compared()->verdict == GateVerdict::kPass);
}

TEST_CASE("runs of another machine, suite or seed, of a build that does not count, or that did not end are "
          "refused") {
    const std::vector<std::pair<const char*, void (*)(experiment::RunReport&)>> doctorings{
        {"machines", [](auto& report) { report.environment.fingerprint = "other"; }},
        {"suites", [](auto& report) { report.suite.scenarios[0].cells[0].connections = 7; }},
        {"seeds", [](auto& report) { report.run.seed = 7; }},
        {"Debug", [](auto& report) { report.tool.build_type = "Debug"; }},
        {"changed files", [](auto& report) { report.tool.is_dirty = true; }},
        {"did not end", [](auto& report) { report.run.is_interrupted = true; }}};
    for (const auto& [word, doctor] : doctorings) {
        Pair pair;
        doctor(pair.head);
        const auto result = pair.compared();
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == ErrorKind::kInvalid);
        CHECK(result.error().what.find(word) != std::string::npos);
    }
}

TEST_CASE(
    "a control that is another program in head is used with a warning, one that is not there is refused") {
    Pair pair;
    pair.head.contenders[0].sha256 = "another";
    const auto result = pair.compared();
    REQUIRE(result);
    CHECK(result->warnings.front().starts_with("control_changed: a"));
    pair.head = pair.base;
    pair.base.contenders[0].command = {"/here/a", "--store", "mutex"};
    pair.head.contenders[0].command = {"/there/a", "--store", "mutex"};
    CHECK(pair.compared()->warnings.empty());
    pair.head.contenders[0].command.back() = "sharded";
    CHECK(warns_of(*pair.compared(), "control_changed: a"));
    pair.base.contenders[1].sha256 = pair.head.contenders[1].sha256 = "the same as well";
    CHECK(pair.compared()->control == "b");
    CHECK(warns_of(*pair.compared(), "command_changed: a"));
    pair.control = "c";
    CHECK(pair.compared().error().kind == ErrorKind::kUsage);
    pair.control = "b";
    CHECK(pair.compared()->rows[0].contender == "a");
}

TEST_CASE("where only the control stands in both there is nothing to judge") {
    Pair pair;
    pair.head.contenders.pop_back();
    CHECK(pair.compared().error().kind == ErrorKind::kInvalid);
}

} // namespace kvduel::gate
