#include "harness/report/tables/theory_table.hpp"

#include "harness/experiment/judge/summarise.hpp"
#include "harness/report/sample_report_for_test.hpp"
#include "harness/report/tables/result_tables.hpp"

#include <doctest/doctest.h>

namespace kvduel::report {
namespace {

/// async did 495 requests per second where 450 were expected; of threads nothing valid is known.
experiment::RunReport report_with_theory() {
    experiment::RunReport report = sample_report();
    report.summary = experiment::summarise(report.trials);
    for (auto& row : report.summary)
        if (row.contender == "threads") row.median.reset();
    const auto& cell = report.trials.front().parameters;
    report.expectations = {{"hot-get", "async", cell, "throughput_rps", 450, "9 / 20 ms"},
                           {"hot-get", "threads", cell, "throughput_rps", 900, "18 / 20 ms"},
                           {"other", "async", cell, "throughput_rps", 1, "1"}};
    return report;
}

} // namespace

TEST_CASE("a cell with a theory shows measured, expected and how far they lie apart") {
    const experiment::RunReport report = report_with_theory();
    const auto rows = theory_rows(report, "hot-get", report.trials.front().parameters);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].deviation() == doctest::Approx(0.1));
    CHECK_FALSE(rows[1].deviation());
    const TextTable table = theory_table(rows, "");
    CHECK(table.rows[0] ==
          std::vector<std::string>{"async", "throughput_rps", "495", "450", "+10.0 %", "9 / 20 ms"});
    CHECK(table.rows[1][2] == "-");
    CHECK(table.rows[1][4] == "-");
}

TEST_CASE("every format but CSV, which has no place for it, tells what theory expected") {
    const experiment::RunReport report = report_with_theory();
    for (const Format format : {Format::kTable, Format::kMarkdown})
        CHECK(render_results(report, format).find("+10.0 %") != std::string::npos);
    const std::string json = render_results(report, Format::kJson);
    CHECK(json.find("\"expected\": 450.0") != std::string::npos);
    CHECK(json.find("\"deviation\": 0.1") != std::string::npos);
    CHECK(json.find("\"formula\": \"9 / 20 ms\"") != std::string::npos);
}

} // namespace kvduel::report
