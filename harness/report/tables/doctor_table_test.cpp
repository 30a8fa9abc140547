#include "harness/report/tables/doctor_table.hpp"

#include "harness/report/sample_report_for_test.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace kvduel::report {
namespace {

using experiment::Fitness;

experiment::Environment sample_machine() {
    return sample_report().environment;
}

} // namespace

TEST_CASE("the table leads with the verdict in words and ends with the remedy and the count") {
    CHECK(render_doctor({}, sample_machine(), Format::kTable, false) ==
          "ok       noise  0.15 %\n"
          "warning  clock  hpet; boot with clocksource=tsc\n"
          "0 problems, 1 warning\n");
}

TEST_CASE("colour adds to the words and replaces none") {
    const std::string plain = render_doctor({}, sample_machine(), Format::kTable, false);
    std::string coloured = render_doctor({}, sample_machine(), Format::kTable, true);
    CHECK(coloured.find("\x1b[33mwarning\x1b[0m") != std::string::npos);
    for (std::size_t at = coloured.find('\x1b'); at != std::string::npos; at = coloured.find('\x1b'))
        coloured.erase(at, coloured.find('m', at) - at + 1);
    CHECK(coloured == plain);
}

TEST_CASE("a machine that is too busy is said to be, in the table and in the JSON") {
    experiment::Environment machine = sample_machine();
    machine.doctor[0].values[0].value = 0.5;
    CHECK(render_doctor({}, machine, Format::kTable, false)
              .ends_with("0 problems, 1 warning; too busy to measure: noise 50 % of a CPU (limit 25 %)\n"));
    const auto json = nlohmann::json::parse(render_doctor({}, machine, Format::kJson, false));
    CHECK(json["busy"] == true);
    CHECK(json["busy_reasons"].size() == 1);
}

TEST_CASE("the JSON holds every reading by its name, with null for what could not be had") {
    const auto json = nlohmann::json::parse(render_doctor({}, sample_machine(), Format::kJson, true));
    CHECK(json["schema"] == "kvduel.doctor/1");
    CHECK(json["busy"] == false);
    const auto& findings = json["environment"]["doctor"];
    REQUIRE(findings.size() == 2);
    CHECK(findings[0]["values"].dump() == R"({"gaps":3,"noise_ratio":0.0015})");
    CHECK(findings[0]["remedy"].is_null());
    CHECK(findings[1]["verdict"] == "warning");
    CHECK(findings[1]["values"].dump() == R"({"clock_read_ns":null,"clocksource":"hpet"})");
}

TEST_CASE("bytes of strangers reach no terminal") {
    experiment::Environment machine;
    machine.doctor = {{"clock", Fitness::kOk, {}, "a\x1b[31mb", ""}};
    CHECK(render_doctor({}, machine, Format::kTable, false).starts_with("ok       clock  a?[31mb\n"));
    CHECK(finding_text(machine.doctor[0]) == "clock: a?[31mb");
}

} // namespace kvduel::report
