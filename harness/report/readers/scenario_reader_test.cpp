#include "harness/report/readers/scenario_reader.hpp"

#include "harness/report/readers/builtin.hpp"
#include "harness/report/readers/suite_reader.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace kvduel::report {
namespace {

/// A suite with `items` as its scenarios and a default that no scenario of the catalogue sets.
Result<experiment::Suite> suite_of(const std::string& items) {
    return parse_suite(R"({"suite": "mine", "contenders": ["async"], "defaults": {"timeout_s": 3},
                           "scenarios": [)" +
                           items + "]}",
                       "my.json");
}

experiment::Scenario scenario_of(const std::string& item) {
    const auto suite = suite_of(item);
    REQUIRE_MESSAGE(suite, (suite ? "" : message(suite.error())));
    return suite->scenarios.front();
}

std::string fault(const std::string& items) {
    const auto suite = suite_of(items);
    return suite ? "none" : message(suite.error());
}

} // namespace

TEST_CASE(
    "every file of the catalogue is a whole scenario that says what it asks, varies, holds and expects") {
    CHECK(builtin_scenarios().size() >= 11);
    for (const BuiltinFile& file : builtin_scenarios()) {
        CAPTURE(file.path);
        const auto scenario = parse_scenario(file.text, file.path);
        REQUIRE_MESSAGE(scenario, (scenario ? "" : message(scenario.error())));
        CHECK(scenario->id == file.name);
        for (const std::string* text :
             {&scenario->title, &scenario->question, &scenario->varies, &scenario->holds, &scenario->expects})
            CHECK_FALSE(text->empty());
        CHECK(scenario->question.ends_with('?'));
    }
}

TEST_CASE("an id alone takes a scenario from the catalogue, on the suite's defaults") {
    const auto scenario = scenario_of(R"("downstream-wait")");
    CHECK(scenario.id == "downstream-wait");
    CHECK(scenario.theory == "waiting-handler");
    REQUIRE(scenario.cells.size() == 4);
    CHECK(scenario.swept == std::vector<std::string>{"connections"});
    CHECK(scenario.cells[0].connections == 8);
    CHECK(scenario.cells[0].server.at("workers") == "16");
    CHECK(scenario.cells[0].timeout_s == 3);
}

TEST_CASE("what stands beside \"from\" stands over the catalogue's") {
    const auto scenario = scenario_of(R"({"from": "downstream-wait", "id": "mine", "duration_s": 7,
        "server": {"workers": 8}, "workload": {"keys": 9}, "sweep": {"server.work_wait_us": [1, 2]}})");
    CHECK(scenario.id == "mine");
    CHECK(scenario.theory == "waiting-handler");
    REQUIRE(scenario.cells.size() == 2); // a sweep replaces the catalogue's whole
    const auto& cell = scenario.cells[1];
    CHECK(cell.duration_s == 7);
    CHECK(cell.workload.keys == 9);
    CHECK(cell.server == experiment::ServerOptions{{"work_wait_us", "2"}, {"workers", "8"}});
}

TEST_CASE("a plain value takes its key out of the catalogue's sweep") {
    CHECK(scenario_of(R"({"from": "downstream-wait", "connections": 5})").cells.size() == 1);
    CHECK(scenario_of(R"({"from": "downstream-wait", "connections": 5})").cells.front().connections == 5);
    CHECK(scenario_of(R"({"from": "downstream-wait", "connections": 5})").swept.empty());
    CHECK(scenario_of(R"({"from": "hot-key", "server": {"store": "mutex"}})").cells.size() == 1);
    CHECK(scenario_of(R"({"from": "value-sizes", "workload": {"value_bytes": 5}})").cells.size() == 1);
    CHECK(scenario_of(R"({"from": "hot-key", "server": {"threads": 1}})").cells.size() == 3);
}

TEST_CASE("a sweep may vary the workload") {
    const auto scenario = scenario_of(R"({"id": "a", "workload": "get-uniform",
        "sweep": {"workload.value_bytes": [16, 1024], "workload.keys": [7]}})");
    REQUIRE(scenario.cells.size() == 2);
    CHECK(scenario.cells[1].workload.value_bytes == 1'024);
    CHECK(scenario.cells[1].workload.keys == 7);
    CHECK(scenario.cells[1].workload.key_distribution.kind == workload::KeyDistribution::Kind::kUniform);
}

TEST_CASE("each rule of the catalogue's use, broken, is named with its place and what is allowed") {
    const std::string at = "my.json#/scenarios/0";
    CHECK(fault(R"("hotget")")
              .starts_with(at + ": \"hotget\" is not a scenario of the catalogue; allowed: \"bimodal\", "));
    CHECK(fault(R"("hotget")").ends_with(", or an object; did you mean \"hot-get\"?"));
    CHECK(fault(R"({"from": "hotget"})").starts_with(at + "/from: \"hotget\" is not a scenario"));
    CHECK(fault("7") == at + ": 7 is not allowed; allowed: an object");
    CHECK(fault(R"({"from": 7, "id": "a"})").starts_with(at + "/from: "));
    CHECK(fault(R"({"from": "hot-get", "conections": 7})") ==
          at + "/conections: unknown key; did you mean \"connections\"?");
    CHECK(fault(R"({"from": "hot-get", "connections": 0})") ==
          at + "/connections: 0 is not allowed; allowed: an integer from 1 to 65536");
    CHECK(fault(R"("hot-get", "hot-get")") == "my.json#/scenarios/1: \"hot-get\" appears twice");
    CHECK(fault(R"({"from": "hot-get", "theory": "strings"})") ==
          at + "/theory: \"strings\" is not a theory; allowed: \"waiting-handler\", \"cpu-bound\", "
               "\"mixed-costs\"");
    CHECK(fault(R"({"from": "hot-get", "sweep": {"workload.value_byte": [1]}})") ==
          at + "/sweep/workload.value_byte/0: unknown key; did you mean \"value_bytes\"?");
    CHECK(fault(R"({"from": "hot-get", "sweep": {"workload.value_bytes": [-1]}})")
              .starts_with(at + "/sweep/workload.value_bytes/0: -1 is not allowed"));
    CHECK(fault(R"({"from": "bimodal", "loop": "closed", "rate_per_s": 5})") ==
          at + "/rate_per_s: belongs to the open loop; allowed with loop \"open\"");
}

TEST_CASE("a file of the catalogue bears its own name and is no copy of another") {
    const auto misnamed = parse_scenario(R"({"id": "a"})", "harness/scenarios/b.json");
    REQUIRE_FALSE(misnamed);
    CHECK(message(misnamed.error()) == "harness/scenarios/b.json#/id: \"a\" is not the file's name");
    const auto derived = parse_scenario(R"({"id": "b", "from": "hot-get"})", "harness/scenarios/b.json");
    REQUIRE_FALSE(derived);
    CHECK(message(derived.error()).starts_with("harness/scenarios/b.json#/from: unknown key"));
}

} // namespace kvduel::report
