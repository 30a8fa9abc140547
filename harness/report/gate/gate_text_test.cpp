#include "harness/report/gate/gate_text.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace kvduel::report {
namespace {

using gate::GateRow;
using gate::GateVerdict;
using gate::RowWord;

GateRow row(const char* server, const char* metric, double ratio, RowWord word) {
    GateRow row;
    row.scenario = "hot-get";
    row.server = server;
    row.metric = metric;
    row.is_higher_better = row.metric == "throughput_rps";
    row.tolerance = row.is_higher_better ? 0.08 : 0.07;
    row.n = 8;
    row.ratio = ratio;
    row.lower95 = ratio * 0.99;
    row.upper95 = ratio * 1.01;
    row.at_worst = ratio * (row.is_higher_better ? 0.98 : 1.02);
    row.p = word == RowWord::kRegression ? 1.0 / 256 : 0.5;
    row.word = word;
    return row;
}

struct Fixture {
    gate::GateResult result;
    experiment::RunReport report;

    Fixture() {
        report.suite.id = "ci";
        report.suite.repetitions = 8;
        report.suite.scenarios.resize(1);
        report.suite.scenarios[0].id = "hot-get";
        report.suite.scenarios[0].cells.resize(1);
        report.run.argv = {"kvduel", "gate", "--base-build", "a", "--head-build", "b"};
        result.verdict = GateVerdict::kPass;
        result.rows = {row("threads", "throughput_rps", 0.998, RowWord::kNotWorse),
                       row("async", "cpu_us_per_request", 1.002, RowWord::kNotWorse)};
        result.looks = {{8, 1.0 / 256, 0.02, "pass"}};
        result.seconds = 252.4;
        result.pairs_planned = 16;
        result.builds = {{"async", gate::kBase, {{"/a/kvduel-async", std::string(64, 'a')}}, std::nullopt}};
    }
    void regress() {
        result.verdict = GateVerdict::kRegression;
        result.reasons = {"1 of 2 endpoints are worse"};
        result.rows[1] = row("async", "cpu_us_per_request", 1.25, RowWord::kRegression);
    }
    GateView view(int code = 0) const { return {result, report, code, {}}; }
};

} // namespace

TEST_CASE("a pass says how much was judged, in a table of every endpoint") {
    const Fixture gate;
    CHECK(gate_table(gate.view()) ==
          "PASS: none of 2 endpoints is worse than its tolerance (8 blocks, 4 min 12 s)\n"
          "\n"
          "endpoint              head against base, 95 %  allowed  at worst       p  pairs    verdict\n"
          "threads hot-get: RPS      -0.2 % [-1.2, +0.8]     -8 %    -2.2 %  0.5000      8  not worse\n"
          "async hot-get: CPU        +0.2 % [-0.8, +1.2]     +7 %    +2.2 %  0.5000      8  not worse\n"
          "at worst: the bound that must stay within what is allowed; p: of no endpoint being worse, over "
          "all of "
          "them\n");
    CHECK(gate_annotations(gate.view()).empty());
}

TEST_CASE("a regression stands first, with its ratio and interval, in every output") {
    Fixture gate;
    gate.regress();
    const std::string table = gate_table(gate.view(1));
    CHECK(table.starts_with("REGRESSION: 1 of 2 endpoints are worse (8 blocks, 4 min 12 s)\n"));
    CHECK(table.find("async hot-get: CPU") < table.find("threads hot-get: RPS"));
    CHECK(gate_markdown(gate.view(1))
              .find("Worst: **async hot-get: CPU** +25.0 % [+23.8, +26.2], allowed +7 %.") !=
          std::string::npos);
    CHECK(gate_annotations(gate.view(1)) == "::error title=kvduel gate::async hot-get: CPU: +25.0 %25 "
                                            "[+23.8, +26.2], allowed +7 %25 (regression)\n");
    const auto json = nlohmann::json::parse(gate_json(gate.view(1)));
    CHECK(json["schema"] == "kvduel.gate/1");
    CHECK(json["verdict"] == "regression");
    CHECK(json["exit_code"] == 1);
    CHECK(json["endpoints"][1]["ratio_head_over_base"] == 1.25);
    CHECK(json["endpoints"][1]["verdict"] == "regression");
    const std::string junit = gate_junit(gate.view(1));
    CHECK(junit.find("tests=\"3\" failures=\"2\" errors=\"0\" skipped=\"0\"") != std::string::npos);
    CHECK(junit.find("<testcase classname=\"async.hot-get\" name=\"cpu_us_per_request\"><failure "
                     "message=\"regression: "
                     "+25.0 % [+23.8, +26.2], allowed +7 %, 8 pairs\"/></testcase>") != std::string::npos);
}

TEST_CASE("of several regressions one is an error and the rest are one warning") {
    Fixture gate;
    gate.regress();
    gate.result.rows[0] = row("threads", "throughput_rps", 0.5, RowWord::kRegression);
    CHECK(gate_annotations(gate.view(1)) == "::error title=kvduel gate::threads hot-get: RPS: -50.0 %25 "
                                            "[-50.5, -49.5], allowed -8 %25 (regression)\n"
                                            "::warning title=kvduel gate::async hot-get: CPU: +25.0 %25 "
                                            "[+23.8, +26.2], allowed +7 %25 (regression)\n");
}

TEST_CASE("an inconclusive gate is neither green nor red: what is open is skipped, what is proven passed") {
    Fixture gate;
    gate.result.verdict = GateVerdict::kInconclusive;
    gate.result.reasons = {"1 of 2 endpoints are neither worse nor proven not to be"};
    gate.result.rows[1].word = RowWord::kOpen;
    CHECK(gate_junit(gate.view(2)).find("tests=\"3\" failures=\"0\" errors=\"0\" skipped=\"2\"") !=
          std::string::npos);
    CHECK(gate_annotations(gate.view(2))
              .starts_with("::warning title=kvduel gate::INCONCLUSIVE: 1 of 2 endpoints"));
    CHECK(gate_markdown(gate.view(2)).find("Run it once more on a fresh runner") != std::string::npos);
}

TEST_CASE("a gate that the machine left inconclusive says why also where every endpoint is proven") {
    Fixture gate;
    gate.result.verdict = GateVerdict::kInconclusive;
    gate.result.reasons = {"5 % of CPU time was stolen"};
    const std::string junit = gate_junit(gate.view(2));
    CHECK(junit.find("tests=\"3\" failures=\"0\" errors=\"0\" skipped=\"1\"") != std::string::npos);
    CHECK(junit.find("name=\"verdict\"><skipped message=\"INCONCLUSIVE: 5 % of CPU time was stolen") !=
          std::string::npos);
}

TEST_CASE("an invalid gate is an error, also without any endpoint") {
    Fixture gate;
    gate.result.verdict = GateVerdict::kInvalid;
    gate.result.reasons = {
        "a server was at fault: hot-get/async-head block 1: server_died: <oh> & \"more\"\n"};
    CHECK(gate_junit(gate.view(3)).find("errors=\"3\"") != std::string::npos);
    gate.result.rows.clear();
    const std::string junit = gate_junit(gate.view(3));
    CHECK(junit.find("tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\"") != std::string::npos);
    CHECK(junit.find("server_died: &lt;oh&gt; &amp; &quot;more&quot;?") != std::string::npos);
    CHECK(gate_annotations(gate.view(3)).starts_with("::error title=kvduel gate::INVALID: "));
}

TEST_CASE("the counts stand beside the times, and where the two differ it is said") {
    Fixture gate;
    gate.regress();
    const gate::Work base{20'000.0, 3.0, 0.0};
    GateView view{gate.result,
                  gate.report,
                  1,
                  {{"async", base, {19'999.8, 3.0, 0.0}}, {"threads", base, {20'300.0, 3.5, std::nullopt}}}};
    const std::string table = gate_table(view);
    CHECK(
        table.find(
            "threads                  20000  20300  +1.50 % (noted)      3.00  3.50         0.00     -\n") !=
        std::string::npos);
    CHECK(table.find("+0.00 %") != std::string::npos); // and not -0.00
    CHECK(table.find("the witnesses differ: async is worse by the clock and no count changed") !=
          std::string::npos);
    CHECK(table.find("the witnesses differ: threads does more for a request by the counts") !=
          std::string::npos);
    CHECK(nlohmann::json::parse(gate_json(view))["disagreements"].size() == 2);
}

TEST_CASE("what the gate warns of stands beside its verdict, in Markdown and in the annotations") {
    Fixture gate;
    gate.regress();
    gate.result.warnings = {"layout_confounded: each build was linked once"};
    const std::string text = gate_markdown(gate.view(1));
    CHECK(text.find("**Warning:** layout_confounded: each build was linked once.") < text.find("<details>"));
    CHECK(gate_annotations(gate.view(1))
              .ends_with("::warning title=kvduel gate::layout_confounded: each build was linked once\n"));
}

TEST_CASE("what a server wrote breaks no output, whatever bytes it wrote") {
    Fixture gate;
    gate.result.verdict = GateVerdict::kInvalid;
    gate.result.reasons = {"server_died: <ung\xFCltig> \xE2\x82"};
    const std::string shown = "server_died: &lt;ung\xEF\xBF\xBDltig&gt; \xEF\xBF\xBD\xEF\xBF\xBD";
    CHECK(gate_junit(gate.view(3)).find(shown) != std::string::npos);
    CHECK(gate_markdown(gate.view(3)).find(shown) != std::string::npos);
    CHECK(nlohmann::json::parse(gate_json(gate.view(3)))["verdict"] == "invalid");
    gate.report.run.argv = {"kvduel", "gate", "--head-args", "--name `x`"};
    CHECK(gate_markdown(gate.view(3)).find("again: `` kvduel gate --head-args '--name `x`' ``") !=
          std::string::npos);
}

TEST_CASE("a gate that was refused says why, and of nothing that it was measured") {
    Fixture refused;
    refused.result = {};
    refused.result.reasons = {"machine: too busy"};
    CHECK(headline(refused.view(75)) == "INCONCLUSIVE: machine: too busy");
    CHECK(gate_junit(refused.view(75)).find("tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\"") !=
          std::string::npos);
    CHECK(nlohmann::json::parse(gate_json(refused.view(75)))["verdict"] == "inconclusive");
}

TEST_CASE("a row without a pair has no change to show") {
    Fixture gate;
    gate.result.rows[0] = GateRow{};
    gate.result.rows[0].word = RowWord::kUnjudged;
    CHECK(change_text(gate.result.rows[0]) == "-");
    CHECK(nlohmann::json::parse(gate_json(gate.view(2)))["endpoints"][0]["ratio_head_over_base"].is_null());
}

} // namespace kvduel::report
