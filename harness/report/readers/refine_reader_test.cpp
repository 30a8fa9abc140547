#include "harness/report/readers/refine_reader.hpp"

#include "harness/report/readers/suite_reader.hpp"

#include <doctest/doctest.h>

#include <string>

namespace kvduel::report {
namespace {

Result<experiment::Suite> refined_suite_of(const std::string& scenario) {
    return parse_suite(R"({"suite": "mine", "contenders": ["threads", "async"], "scenarios": [)" + scenario +
                           "]}",
                       "my.json");
}

experiment::Scenario refined_scenario_of(const std::string& scenario) {
    const auto suite = refined_suite_of(scenario);
    REQUIRE_MESSAGE(suite, (suite ? "" : message(suite.error())));
    return suite->scenarios.front();
}

std::string refine_fault(const std::string& scenario) {
    const auto suite = refined_suite_of(scenario);
    return suite ? "none" : message(suite.error());
}

} // namespace

TEST_CASE("a scenario names the axis along which it is refined") {
    const auto own = refined_scenario_of(
        R"({"id": "a", "sweep": {"connections": [1, 8]}, "refine": {"axis": "connections"}})");
    REQUIRE(own.refine);
    CHECK(own.refine->axis == experiment::Axis::kConnections);
    CHECK(own.inserted == 0);
    const auto by_wait = refined_scenario_of(R"({"id": "a", "sweep": {"connections": [1, 8],
        "server.work_wait_us": [100, "5000"]}, "refine": {"axis": "server.work_wait_us"}})");
    REQUIRE(by_wait.refine);
    CHECK(by_wait.refine->axis == experiment::Axis::kWorkWaitUs);
    CHECK_FALSE(
        refined_scenario_of(R"({"id": "a", "sweep": {"connections": [1, 8]}, "refine": null})").refine);
    CHECK_FALSE(refined_scenario_of(R"({"id": "a", "sweep": {"connections": [1, 8]}})").refine);
}

TEST_CASE("what is taken from the catalogue is refined as there, unless the suite says or sweeps otherwise") {
    CHECK(refined_scenario_of(R"("downstream-wait")").refine);
    CHECK(refined_scenario_of(R"({"from": "downstream-wait", "duration_s": 1})").refine);
    CHECK(refined_scenario_of(R"({"from": "downstream-wait", "sweep": {"connections": [1, 2]}})").refine);
    CHECK_FALSE(refined_scenario_of(R"({"from": "downstream-wait", "refine": null})").refine);
    CHECK_FALSE(refined_scenario_of(R"({"from": "downstream-wait", "connections": 64})").refine);
    CHECK_FALSE(
        refined_scenario_of(R"({"from": "downstream-wait", "sweep": {"server.work_wait_us": [1, 9]}})")
            .refine);
    CHECK_FALSE(refined_scenario_of(R"({"from": "downstream-wait", "search": {"p99_us": 9000}})").refine);
    CHECK(refined_scenario_of(R"({"from": "hot-get", "sweep": {"connections": [1, 2]},
                          "refine": {"axis": "connections"}})")
              .refine);
}

TEST_CASE("a refinement that breaks a rule is named with its place and what is allowed") {
    const std::string at = "my.json#/scenarios/0/refine";
    const auto with = [](const std::string& refine, const std::string& sweep) {
        return refine_fault(R"({"id": "a", "sweep": {)" + sweep + R"(}, "refine": )" + refine + "}");
    };
    const std::string connections = R"("connections": [1, 8])";
    CHECK(with("7", connections) == at + ": 7 is not allowed; allowed: an object, null");
    CHECK(with("{}", connections) == at + ": the key \"axis\" is missing");
    CHECK(with(R"({"axes": "connections"})", connections) ==
          at + "/axes: unknown key; did you mean \"axis\"?");
    CHECK(with(R"({"axis": "connections", "step": 2})", connections)
              .starts_with(at + "/step: unknown key; allowed: \"axis\""));
    CHECK(with(R"({"axis": 7})", connections).starts_with(at + "/axis: "));
    CHECK(with(R"({"axis": "threads"})", connections) ==
          at + "/axis: \"threads\" is not an axis; allowed: \"connections\", \"server.work_wait_us\"");
    CHECK(with(R"({"axis": "server.work_wait_us"})", connections) ==
          at + "/axis: \"server.work_wait_us\" is not swept here; allowed: \"connections\"");
    CHECK(with(R"({"axis": "connections"})", R"("pipeline": [1, 8])") ==
          at + "/axis: \"connections\" is not swept here; allowed: \"connections\", "
               "\"server.work_wait_us\", where the scenario sweeps it");
    for (const char* values : {R"(["5000@1%", 7])", "[0, 7]"})
        CHECK(
            with(R"({"axis": "server.work_wait_us"})", std::string(R"("server.work_wait_us": )") + values) ==
            at + "/axis: \"server.work_wait_us\" cannot be halved; allowed: a sweep over whole numbers of "
                 "at least 1");
    CHECK(refine_fault(R"({"id": "a", "loop": "open", "load_fraction": 0.5, "sweep": {"connections": [1, 8]},
                    "refine": {"axis": "connections"}})") ==
          at + ": stands beside load_fraction or search; allowed: a closed loop, or an open one with "
               "rate_per_s");
    CHECK(parse_suite(R"({"suite": "mine", "contenders": ["async"], "scenarios": ["hot-get"],
                          "defaults": {"refine": {"axis": "connections"}}})",
                      "my.json")
              .error()
              .what.starts_with("unknown key"));
}

} // namespace kvduel::report
