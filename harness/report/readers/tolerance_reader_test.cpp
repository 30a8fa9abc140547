#include "harness/report/readers/tolerance_reader.hpp"

#include <doctest/doctest.h>

namespace kvduel::report {

TEST_CASE("the built-in tolerances are those of the guide") {
    const auto tolerances = load_tolerances("");
    REQUIRE(tolerances);
    CHECK(tolerances->of("throughput_rps", "hot-get") == 0.08);
    CHECK(tolerances->of("cpu_us_per_request", "hot-get") == 0.07);
    CHECK(tolerances->of("latency_p99_us", "hot-get") == 0.30);
    CHECK(tolerances->of("rss_max_bytes", "hot-get") == 0.15);
    CHECK_FALSE(tolerances->of("latency_p50_us", "hot-get"));
    CHECK(tolerances->metrics().size() == 5);
    CHECK_FALSE(tolerances->of("latency_p99_us", "tail-at-load")); // there it is the machine's
    CHECK(tolerances->of("latency_p90_us", "tail-at-load") == 0.20);
    CHECK_FALSE(tolerances->of("latency_p90_us", "hot-get"));
}

TEST_CASE("a row that names a scenario comes before the general one") {
    const auto tolerances = parse_tolerances(
        R"({"tolerances": [{"metric": "latency_p99_us", "worse": 0.3},
                           {"metric": "latency_p99_us", "worse": 1.0, "scenario": "tail-at-load"}]})",
        "t.json");
    REQUIRE(tolerances);
    CHECK(tolerances->of("latency_p99_us", "tail-at-load") == 1.0);
    CHECK(tolerances->of("latency_p99_us", "hot-get") == 0.3);
    CHECK(tolerances->metrics().size() == 1);
}

TEST_CASE("null takes a metric out of one scenario, and out of one alone") {
    const auto all =
        parse_tolerances(R"({"tolerances": [{"metric": "latency_p99_us", "worse": null}]})", "t.json");
    REQUIRE_FALSE(all);
    CHECK(
        message(all.error()) ==
        "t.json#/tolerances/0/worse: null means: not judged in this scenario; allowed without one: a number");
}

TEST_CASE("a tolerance that is no share is refused with what is allowed") {
    const auto zero =
        parse_tolerances(R"({"tolerances": [{"metric": "latency_p99_us", "worse": 0}]})", "t.json");
    REQUIRE_FALSE(zero);
    CHECK(zero.error().kind == ErrorKind::kBadInput);
    CHECK(zero.error().where == "t.json#/tolerances/0/worse");
}

} // namespace kvduel::report
