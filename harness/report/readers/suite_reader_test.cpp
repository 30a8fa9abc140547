#include "harness/report/readers/suite_reader.hpp"

#include "harness/report/readers/builtin.hpp"
#include "harness/report/readers/contender_reader.hpp"

#include <doctest/doctest.h>

#include <string>

namespace kvduel::report {
namespace {

/// A suite of one scenario with `fields` in it.
std::string with_scenario(const std::string& fields) {
    return R"({"suite": "mine", "contenders": ["async"], "scenarios": [{"id": "a", )" + fields + "}]}";
}

std::string suite_fault(const std::string& text) {
    const auto suite = parse_suite(text, "my.json");
    return suite ? "none" : message(suite.error());
}

} // namespace

TEST_CASE("every built-in suite and contender is read without a fault") {
    CHECK_FALSE(builtin_suites().empty());
    for (const BuiltinFile& file : builtin_suites()) {
        const auto suite = load_suite(std::string(file.name));
        REQUIRE_MESSAGE(suite, file.path);
        CHECK(suite->id == file.name);
    }
    CHECK(builtin_contenders().size() >= 5);
}

TEST_CASE("defaults reach every cell, and a scenario's own values stand over them") {
    const auto suite = parse_suite(R"({
        // words for the reader
        "suite": "mine", "contenders": ["threads", "async"], "repetitions": 3,
        "defaults": {"connections": 8, "duration_s": 0.5, "server": {"threads": 2}},
        "scenarios": [{"id": "a"},
                      {"id": "b", "connections": 16, "workload": "update-heavy", "server": {"work_wait_us": "50@1%"}}]})",
                                   "my.json");
    REQUIRE(suite);
    CHECK(suite->repetitions == 3);
    const auto& a = suite->scenarios[0].cells.front();
    const auto& b = suite->scenarios[1].cells.front();
    CHECK(a.connections == 8);
    CHECK(a.workload.name == "get-zipfian");
    CHECK(b.connections == 16);
    CHECK(b.duration_s == 0.5);
    CHECK(b.workload.mix.post == 0.5);
    CHECK(b.server == experiment::ServerOptions{{"threads", "2"}, {"work_wait_us", "50@1%"}});
}

TEST_CASE("a sweep gives a cell for each combination, in order") {
    const auto suite = parse_suite(
        with_scenario(R"("sweep": {"connections": [8, 16], "server.threads": [1, 2]})"), "my.json");
    REQUIRE(suite);
    const auto& scenario = suite->scenarios.front();
    REQUIRE(scenario.cells.size() == 4);
    CHECK(scenario.swept == std::vector<std::string>{"connections", "server.threads"});
    CHECK(scenario.cells[1].connections == 8);
    CHECK(scenario.cells[1].server.at("threads") == "2");
    CHECK(scenario.cells[2].connections == 16);
}

TEST_CASE("an open loop has a rate and arrivals, from the defaults, the scenario or a sweep") {
    const auto suite = parse_suite(R"({"suite": "mine", "contenders": ["async"],
        "defaults": {"loop": "open", "rate_per_s": 1000, "arrivals": "poisson"},
        "scenarios": [{"id": "a", "sweep": {"rate_per_s": [0.5, 2000]}}, {"id": "b"},
                      {"id": "c", "loop": "closed"}]})",
                                   "my.json");
    REQUIRE(suite);
    const auto& swept = suite->scenarios[0].cells;
    REQUIRE(swept.size() == 2);
    CHECK(swept[0].rate_per_s == 0.5);
    CHECK(swept[1].rate_per_s == 2'000);
    CHECK(swept[1].arrivals == workload::ArrivalKind::kPoisson);
    CHECK(suite->scenarios[1].cells[0].loop == experiment::Loop::kOpen);
    CHECK(suite->scenarios[1].cells[0].rate_per_s == 1'000);
    CHECK(suite->scenarios[2].cells[0].loop == experiment::Loop::kClosed);
    CHECK_FALSE(suite->scenarios[2].cells[0].rate_per_s);
    CHECK(suite->scenarios[2].cells[0].arrivals == workload::ArrivalKind::kConstant);
}

TEST_CASE("a workload of a suite's own starts from a named one") {
    const auto suite = parse_suite(
        with_scenario(R"("workload": {"from": "read-mostly", "keys": 7, "key_distribution": "uniform"})"),
        "my.json");
    REQUIRE(suite);
    const auto& workload = suite->scenarios.front().cells.front().workload;
    CHECK(workload.name == "custom");
    CHECK(workload.keys == 7);
    CHECK(workload.mix.post == 0.05);
    CHECK(workload.key_distribution.kind == workload::KeyDistribution::Kind::kUniform);
}

TEST_CASE("a background is read from the defaults, the scenario or a sweep, and checked") {
    const auto suite = parse_suite(
        with_scenario(
            R"("background": [{"kind": "idle", "connections": 10000}, {"kind": "noise", "connections": 8}])"),
        "my.json");
    REQUIRE(suite);
    const std::vector<load::Background> both{{load::BackgroundKind::kIdle, 10'000},
                                             {load::BackgroundKind::kNoise, 8}};
    CHECK(suite->scenarios.front().cells.front().background == both);
    const auto swept = parse_suite(
        with_scenario(R"("sweep": {"background": [[], [{"kind": "slow-readers", "connections": 4}]]})"),
        "my.json");
    REQUIRE(swept);
    REQUIRE(swept->scenarios.front().cells.size() == 2);
    CHECK(swept->scenarios.front().cells[0].background.empty());
    CHECK(swept->scenarios.front().cells[1].background.size() == 1);
    for (const char* bad : {R"({"kind": "loud", "connections": 1})", R"({"kind": "idle", "connections": 0})",
                            R"({"kind": "idle"})", R"({"kind": "idle", "connections": 1, "x": 1})"}) {
        const auto refused =
            parse_suite(with_scenario(std::string(R"("background": [)") + bad + "]"), "my.json");
        REQUIRE_FALSE(refused);
        CHECK(message(refused.error()).find("#/scenarios/0/background/0") != std::string::npos);
    }
}

TEST_CASE("a suite may declare a contender of its own, whose options its cells may then set") {
    const auto suite = parse_suite(R"({"suite": "mine", "contenders": ["async",
        {"id": "mine", "command": ["./mine", "{port}"], "ready": "tcp", "options": {"magic": "--magic"}}],
        "scenarios": [{"id": "a", "server": {"magic": 3}}]})",
                                   "my.json");
    REQUIRE(suite);
    CHECK(suite->contenders == std::vector<std::string>{"async", "mine"});
    REQUIRE(suite->own_contenders.size() == 1);
    CHECK(suite->own_contenders.front().ready == experiment::Ready::kTcp);
}

TEST_CASE("each rule of a suite, broken, is named with its place and what is allowed") {
    const std::string at = "my.json#/scenarios/0";
    const std::pair<std::string, std::string> rows[] = {
        {"[]", "my.json#: a list is not allowed; allowed: an object"},
        {"{}", "my.json#: the key \"suite\" is missing"},
        {R"({"suite": "../x"})",
         "my.json#/suite: \"../x\" is not allowed; allowed: an id of 1 to 64 letters, digits, "
         "'.', '_' or '-', without a leading dot"},
        {R"({"suite": "x", "contenders": []})",
         "my.json#/contenders: is empty; allowed: at least one contender"},
        {R"({"suite": "x", "contenders": ["async", "async"]})",
         "my.json#/contenders/1: \"async\" appears twice"},
        {R"({"suite": "x", "contenders": ["nope"]})",
         "my.json#/contenders/0: \"nope\" is not a contender; allowed: \"async\", \"async-shared\", "
         "\"beast-stock\", \"go-net-http\", \"go-worker-pool\", \"null\", \"rust-actix\", "
         "\"rust-actix-mutex\", \"rust-tokio\", \"threads\", \"threads-connection\", or an object that "
         "declares one"},
        {R"({"suite": "x", "contenders": [{"id": "async", "command": ["x"]}]})",
         "my.json#/contenders/0: \"async\" is the id of another contender"},
        {R"({"suite": "x", "contenders": [{"id": "y", "command": []}]})",
         "my.json#/contenders/0/command: names no program; allowed: a list of texts, the program first"},
        {R"({"suite": "x", "contenders": ["async"], "scenarios": []})",
         "my.json#/scenarios: is empty; allowed: at least one scenario"},
        {R"({"suite": "x", "contenders": ["async"], "repetitions": 0, "scenarios": []})",
         "my.json#/repetitions: 0 is not allowed; allowed: an integer from 1 to 1000"},
        {R"({"suite": "x", "contenders": ["async"], "defaults": {"conections": 8}, "scenarios": []})",
         "my.json#/defaults/conections: unknown key; did you mean \"connections\"?"},
        {R"({"suite": "x", "contenders": ["async"], "scenarios": [{"id": "a"}, {"id": "a"}]})",
         "my.json#/scenarios/1/id: \"a\" appears twice"},
        {with_scenario(R"("loop": "opened")"),
         at + R"(/loop: "opened" is not a loop; allowed: "closed", "open")"},
        {with_scenario(R"("loop": "open")"), at + R"(/loop: "open" needs a rate_per_s or a load_fraction)"},
        {with_scenario(R"("rate_per_s": 5)"),
         at + R"(/rate_per_s: belongs to the open loop; allowed with loop "open")"},
        {with_scenario(R"("loop": "closed", "rate_per_s": 5)"),
         at + R"(/rate_per_s: belongs to the open loop; allowed with loop "open")"},
        {with_scenario(R"("sweep": {"rate_per_s": [5, 6]})"),
         at + R"(/rate_per_s: belongs to the open loop; allowed with loop "open")"},
        {with_scenario(R"("arrivals": "poisson")"),
         at + R"(/arrivals: belongs to the open loop; allowed with loop "open")"},
        {with_scenario(R"("loop": "open", "rate_per_s": 5, "arrivals": "bursts")"),
         at + R"(/arrivals: "bursts" is not an arrivals; allowed: "constant", "poisson")"},
        {with_scenario(R"("loop": "open", "rate_per_s": 0)"),
         at + "/rate_per_s: 0 is not allowed; allowed: a number from 0.001 to 10000000"},
        {with_scenario(R"("loop": "open", "rate_per_s": "20k")"),
         at + "/rate_per_s: \"20k\" is not allowed; allowed: a number from 0.001 to 10000000"},
        {with_scenario(R"("load_fraction": [0.3])"),
         at + R"(/load_fraction: belongs to the open loop; allowed with loop "open")"},
        {with_scenario(R"("loop": "open", "load_fraction": [0.3, 0])"),
         at + "/load_fraction/1: 0 is not allowed; allowed: a number from 0.001 to 10"},
        {with_scenario(R"("loop": "open", "load_fraction": [])"),
         at + "/load_fraction: allowed: a list of values, at most 1000 cells in all"},
        {with_scenario(R"("slice_s": 0.1, "threads": 2)"),
         at + "/slice_s: slices are for one load thread, no background and no search; allowed here: 0"},
        {with_scenario(R"("slice_s": 0.01)"),
         at + "/slice_s: 0.01 is too short: what a change of servers costs would be measured; allowed: 0.02 "
              "to 60, or 0 for none"},
        {with_scenario(R"("loop": "open", "load_fraction": 0.3, "rate_per_s": 5)"),
         at + "/load_fraction: stands beside rate_per_s; allowed: one of them"},
        {with_scenario(R"("loop": "open", "load_fraction": [0.5, 2])"),
         at + "/load_fraction: beyond 1 the server must refuse or leave requests; allowed with "
              "errors_expected true"},
        {R"({"suite": "x", "contenders": ["async"], "defaults": {"load_fraction": [1]}, "scenarios": []})",
         "my.json#/defaults/load_fraction: allowed: a number; a list in a scenario"},
        {with_scenario(R"("search": {})"), at + R"(/search: the key "p99_us" is missing)"},
        {with_scenario(R"("search": {"p99_us": 0})"),
         at + "/search/p99_us: 0 is not allowed; allowed: a number from 1 to 3600000000"},
        {with_scenario(R"("loop": "closed", "search": {"p99_us": 5})"),
         at + "/loop: stands beside search, which chooses the rates of an open loop itself"},
        {with_scenario(R"("connections": 0)"),
         at + "/connections: 0 is not allowed; allowed: an integer from 1 to 65536"},
        {with_scenario(R"("connections": "8")"),
         at + "/connections: \"8\" is not allowed; allowed: an integer from 1 to 65536"},
        {with_scenario(R"("duration_s": -1)"),
         at + "/duration_s: -1 is not allowed; allowed: a number from 0.001 to 86400"},
        {with_scenario(R"("workload": "hot")"), at + "/workload: \"hot\" is not a workload; allowed: "
                                                     "\"get-zipfian\", \"get-uniform\", \"read-mostly\", "
                                                     "\"update-heavy\", \"write-only\""},
        {with_scenario(R"("workload": {"mix": {"get": 0.6, "post": 0.6}})"),
         at + "/workload/mix: the shares sum to 1.2; allowed: shares that sum to 1"},
        {with_scenario(R"("workload": {"key_distribution": "normal"})"),
         at + "/workload/key_distribution: \"normal\" is not a key distribution; allowed: \"uniform\", "
              "\"zipfian:THETA\" with THETA from 0.01 to 10"},
        {with_scenario(R"("workload": {"path": "x"})"),
         at + "/workload/path: allowed: a path that starts with '/'"},
        {with_scenario(R"("server": {"thraeds": 2})"),
         at + "/server/thraeds: no contender has this option; did you mean \"threads\"?"},
        {with_scenario(R"("server": {"threads": 1.5})"),
         at + "/server/threads: 1.5 is not allowed; allowed: an integer of at least 0, or a text"},
        {with_scenario(R"("sweep": {"connections": [8, 0]})"),
         at + "/sweep/connections/1: 0 is not allowed; allowed: an integer from 1 to 65536"},
        {with_scenario(R"("sweep": {"conections": [8]})"),
         at + "/sweep/conections/0: unknown key; did you mean \"connections\"?"},
        {with_scenario(R"("sweep": {"connections": []})"),
         at + "/sweep/connections: allowed: a list of values, at most 1000 cells in all"},
    };
    for (const auto& [text, expected] : rows) CHECK(suite_fault(text) == expected);
}

TEST_CASE("a search makes the loop open and its rate unknown") {
    const auto suite = parse_suite(R"({"suite": "x", "contenders": ["async"],
        "defaults": {"loop": "open", "rate_per_s": 100}, "scenarios": [
        {"id": "a", "search": {"p99_us": 2000}}]})",
                                   "my.json");
    REQUIRE(suite);
    const auto& cell = suite->scenarios[0].cells[0];
    REQUIRE(cell.search);
    CHECK(cell.search->p99_us == 2'000);
    CHECK(cell.search->error_ratio == 0.001);
    CHECK_FALSE(cell.rate_per_s);
}

TEST_CASE("a slice of the defaults is taken back by 0") {
    const auto suite = parse_suite(R"({"suite": "s", "contenders": ["async"], "defaults": {"slice_s": 0.1},
        "scenarios": [{"id": "a"}, {"id": "b", "slice_s": 0}]})",
                                   "my.json");
    REQUIRE(suite);
    CHECK(suite->scenarios[0].cells[0].slice_s == 0.1);
    CHECK_FALSE(suite->scenarios[1].cells[0].slice_s.has_value());
}

TEST_CASE("a list of load_fraction is a sweep, and the nearest of rate and fraction counts") {
    const auto suite = parse_suite(R"({"suite": "x", "contenders": ["async"],
        "defaults": {"loop": "open", "rate_per_s": 100}, "scenarios": [
        {"id": "a", "load_fraction": [0.3, 0.9], "sweep": {"connections": [1, 2]}},
        {"id": "b"}, {"id": "c", "sweep": {"load_fraction": [0.5]}}]})",
                                   "my.json");
    REQUIRE(suite);
    const auto& swept = suite->scenarios[0];
    CHECK(swept.swept == std::vector<std::string>{"load_fraction", "connections"});
    REQUIRE(swept.cells.size() == 4);
    CHECK(swept.cells[0].load_fraction == 0.3);
    CHECK(swept.cells[3].load_fraction == 0.9);
    CHECK(swept.cells[3].connections == 2);
    CHECK_FALSE(swept.cells[0].rate_per_s);
    CHECK(suite->scenarios[1].cells[0].rate_per_s == 100);
    CHECK(suite->scenarios[2].cells[0].load_fraction == 0.5);
}

TEST_CASE("a name that is neither a suite nor a file lists the suites") {
    const auto suite = load_suite("quik");
    REQUIRE_FALSE(suite);
    CHECK(suite.error().kind == ErrorKind::kBadInput);
    CHECK(message(suite.error())
              .starts_with("\"quik\" is neither a built-in suite nor a file; suites: \"aa\", \"ci\", "
                           "\"crossover\", \"fidelity\", \"floor\", \"quick\", \"soak\", \"standard\""));
    CHECK(message(suite.error()).ends_with("did you mean \"quick\"?"));
}

} // namespace kvduel::report
