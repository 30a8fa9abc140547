#include "harness/experiment/judge/summarise.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <string>

namespace kvduel::experiment {

namespace {

TrialRecord trial(const char* contender, unsigned block, double rps, unsigned connections = 64) {
    TrialRecord record;
    record.scenario = "hot-get";
    record.contender = contender;
    record.block = block;
    record.parameters.connections = connections;
    record.throughput_rps = rps;
    return record;
}

const SummaryRow& row(const std::vector<SummaryRow>& rows, std::string_view contender,
                      std::string_view metric) {
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const SummaryRow& candidate) {
        return candidate.contender == contender && candidate.metric == metric;
    });
    REQUIRE(found != rows.end());
    return *found;
}

} // namespace

TEST_CASE("a summary is the median of the valid trials, with the least and the most") {
    std::vector<TrialRecord> trials{trial("a", 1, 100), trial("b", 1, 50), trial("a", 2, 120),
                                    trial("a", 3, 110), trial("a", 4, 900)};
    trials[4].verdict = Verdict::kInvalid;
    trials[1].scenario = "another";
    const auto rows = summarise(trials);
    CHECK(rows.size() == 2 * metrics().size());
    const SummaryRow& rps = row(rows, "a", "throughput_rps");
    CHECK(rps.n == 3);
    CHECK(rps.median == 110);
    CHECK(rps.min == 100);
    CHECK(rps.max == 120);
    CHECK(rps.unit == "1/s");
    // Student's t of ln 100, ln 110, ln 120: mean 4.69676, sd 0.09125.
    CHECK(*rps.lower95 == doctest::Approx(87.46).epsilon(1e-3));
    CHECK(*rps.upper95 == doctest::Approx(137.586).epsilon(1e-3));
    CHECK_FALSE(row(rows, "b", "throughput_rps").lower95);
    CHECK(row(rows, "b", "throughput_rps").median == 50);
    CHECK(row(rows, "a", "latency_p99_us").n == 0);
    CHECK_FALSE(row(rows, "a", "latency_p99_us").median);
}

TEST_CASE("from six trials on the interval of a median ends at two of the values") {
    std::vector<TrialRecord> trials;
    for (unsigned block = 1; block <= 9; ++block) trials.push_back(trial("a", block, 100.0 + block * block));
    const auto rows = summarise(trials);
    CHECK(row(rows, "a", "throughput_rps").lower95 == 104);
    CHECK(row(rows, "a", "throughput_rps").upper95 == 164);
}

TEST_CASE("a contender without a valid trial has rows without figures") {
    std::vector<TrialRecord> trials{trial("a", 1, 100)};
    trials[0].verdict = Verdict::kInvalid;
    const auto rows = summarise(trials);
    REQUIRE(rows.size() == metrics().size());
    CHECK(rows[0].n == 0);
    CHECK_FALSE(rows[0].median);
}

TEST_CASE("cells of one scenario are summarised apart") {
    const auto rows = summarise({trial("a", 1, 100, 8), trial("a", 1, 200, 16), trial("a", 2, 300, 8)});
    CHECK(rows.size() == 2 * metrics().size());
    CHECK(rows[0].parameters.connections == 8);
    CHECK(rows[0].median == 200);
    CHECK(rows[metrics().size()].median == 200);
    CHECK(rows[metrics().size()].parameters.connections == 16);
}

TEST_CASE("every metric of the table is read from a trial, and no other name is") {
    TrialRecord record = trial("a", 1, 1);
    record.offered_rps = 2;
    record.latency.mean_us = 3;
    record.latency.p50_us = 4;
    record.latency.p90_us = 5;
    record.latency.p99_us = 6;
    record.service_time.p99_us = 7;
    record.server.cpu_us_per_request = 8;
    record.server.context_switches_per_request = 9;
    record.server.rss_max_bytes = 10;
    double expected = 1;
    for (const Metric& metric : metrics()) CHECK(metric_value(record, metric.name) == expected++);
    CHECK(expected == 11);
    CHECK_FALSE(metric_value(record, "speed"));
}

TEST_CASE("a percentile that lies among what was never sent is no figure") {
    TrialRecord record = trial("a", 1, 1);
    record.latency.mean_us = record.latency.p50_us = record.latency.p90_us = record.latency.p99_us = 5;
    const auto has = [&](std::uint64_t unsent) {
        record.requests.sent = 5'000; // mostly refused: a refusal has no latency
        record.requests.unsent = unsent;
        record.latency.count = 1'000;
        std::string names;
        for (const char* name : {"mean", "p50", "p90", "p99"})
            if (metric_value(record, "latency_" + std::string(name) + "_us"))
                names += std::string(name) + " ";
        return names;
    };
    CHECK(has(0) == "mean p50 p90 p99 ");
    CHECK(has(10) == "mean p50 p90 p99 ");
    CHECK(has(11) == "p50 p90 ");
    CHECK(has(101) == "p50 ");
    CHECK(has(501) == "");
}

} // namespace kvduel::experiment
