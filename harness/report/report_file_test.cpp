#include "harness/report/report_file.hpp"

#include "harness/report/sample_report_for_test.hpp"

#include <doctest/doctest.h>

#include <string>

namespace kvduel::report {
namespace {

std::string reading_fault_after(const std::string& from, const std::string& to) {
    std::string text = report_text(sample_report());
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    const auto read = parse_report(text, "r.json");
    return read ? "none" : message(read.error());
}

} // namespace

TEST_CASE("a report that is read and written again is the same text") {
    experiment::RunReport report = sample_report();
    report.summary = {{"hot-get", "async", report.trials.front().parameters, "throughput_rps", "1/s", 1,
                       495.0, 495.0, 495.0, std::nullopt, std::nullopt}};
    report.comparisons = {{"hot-get",
                           report.trials.front().parameters,
                           "throughput_rps",
                           "async",
                           "threads",
                           0.8,
                           0.7,
                           0.9,
                           0.75,
                           0.85,
                           0.01,
                           0.03,
                           5,
                           1,
                           experiment::ComparisonVerdict::kFirst,
                           std::nullopt,
                           {"goes along with it"},
                           {{"order_effect", "first"}}}};
    const std::string text = report_text(report);
    const auto read = parse_report(text, "r.json");
    REQUIRE_MESSAGE(read, message(read.error()));
    CHECK(report_text(*read) == text);
    CHECK(read->run.seed == ~std::uint64_t{0});
    CHECK(read->trials.at(1).latency.histogram.count() == 993);
}

TEST_CASE("the text of a report that grew is that of the whole report") {
    const experiment::RunReport whole = sample_report();
    experiment::RunReport growing = whole;
    growing.trials.clear();
    ReportText text;
    CHECK(text.of(growing) == report_text(growing));
    for (const experiment::TrialRecord& trial : whole.trials) {
        growing.trials.push_back(trial);
        growing.run.notes.push_back("\n \"trials\": []"); // a text that looks like what is replaced
        CHECK(text.of(growing) == report_text(growing));
        const auto read = parse_report(text.of(growing), "r.json");
        REQUIRE_MESSAGE(read, message(read.error()));
        CHECK(read->trials.size() == growing.trials.size());
        CHECK(read->run.notes == growing.run.notes);
    }
}

TEST_CASE("a report cut anywhere is refused") {
    const std::string text = report_text(sample_report());
    for (std::size_t size = 0; size + 2 < text.size(); size += 37)
        CHECK_FALSE(parse_report(std::string_view(text).substr(0, size), "r.json"));
}

TEST_CASE("a report that is not of the schema says where") {
    CHECK(reading_fault_after("kvduel.report/1", "kvduel.report/2") ==
          "r.json#/schema: \"kvduel.report/2\" is not a schema this kvduel reads; allowed: "
          "\"kvduel.report/1\"");
    CHECK(reading_fault_after("\"dirty\": false", "\"dirty\": 0") ==
          "r.json#/tool/dirty: 0 is not allowed; allowed: true, false");
    CHECK(
        reading_fault_after("\"sent\": 1000", "\"sent\": -1") ==
        "r.json#/trials/0/requests/sent: -1 is not allowed; allowed: an integer from 0 to 9007199254740991");
    CHECK(reading_fault_after("\"noise_ratio\": 0.0015", "\"noise_ratio\": true") ==
          "r.json#/environment/doctor/0/values/noise_ratio: true is not allowed; allowed: a number, a text, "
          "null");
    CHECK(reading_fault_after("\"pid\": 99,", "") == "r.json#/trials/0/server: the key \"pid\" is missing");
    CHECK(reading_fault_after("\"pid\": 99,", "\"pid\": 99, \"more\": 1,")
              .starts_with("r.json#/trials/0/server/more: unknown key; allowed: \"pid\""));
    CHECK(reading_fault_after("\"verdict\": \"valid\"", "\"verdict\": \"fine\"") ==
          "r.json#/trials/0/verdict: \"fine\" is not a verdict; allowed: \"valid\", \"invalid\"");
    CHECK(reading_fault_after("\"seed\": \"18446744073709551615\"", "\"seed\": 7") ==
          "r.json#/run/seed: 7 is not allowed; allowed: an integer below 2^64 as a text");
    CHECK(reading_fault_after("\"hdr\": \"HISTFAAA", "\"hdr\": \"HISTFAAB")
              .starts_with("r.json#/trials/0/latency_us/hdr: not an HdrHistogram of this report"));
    CHECK(reading_fault_after("\"throughput_rps\": 495.0", "\"throughput_rps\": NaN").find("not JSON") !=
          std::string::npos);
}

TEST_CASE("bytes of a server's stderr that are not UTF-8 do not spoil the report") {
    experiment::RunReport report = sample_report();
    report.trials.front().stderr_tail = {"bad \xFF byte"};
    const auto read = parse_report(report_text(report), "r.json");
    REQUIRE(read);
    CHECK(read->trials.front().stderr_tail.front() == "bad \xEF\xBF\xBD byte");
}

} // namespace kvduel::report
