#include "harness/experiment/summarise.hpp"

#include <doctest/doctest.h>

#include <algorithm>

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
    const auto rows = summarise(trials);
    CHECK(rows.size() == 2 * metrics().size());
    const SummaryRow& rps = row(rows, "a", "throughput_rps");
    CHECK(rps.n == 3);
    CHECK(rps.median == 110);
    CHECK(rps.min == 100);
    CHECK(rps.max == 120);
    CHECK(rps.unit == "1/s");
    CHECK_FALSE(rps.lower95);
    CHECK(row(rows, "b", "throughput_rps").median == 50);
    CHECK(row(rows, "a", "latency_p99_us").n == 0);
    CHECK_FALSE(row(rows, "a", "latency_p99_us").median);
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

TEST_CASE("the lead is the median of the ratios within blocks, not the ratio of medians") {
    const auto all = leads({trial("a", 1, 100), trial("b", 1, 200), trial("b", 2, 220), trial("a", 2, 200),
                            trial("a", 3, 400), trial("b", 3, 300)});
    REQUIRE(all.size() == 1);
    const Lead& lead = all[0];
    CHECK(lead.ahead == "b");
    CHECK(lead.behind == "a");
    CHECK(lead.blocks == 3);
    CHECK(lead.blocks_ahead == 2);
    CHECK(*lead.median_ratio == doctest::Approx(1.1));
    CHECK(*lead.min_ratio == doctest::Approx(0.75));
    CHECK(*lead.max_ratio == doctest::Approx(2.0));
    CHECK(sentence(lead) == "b was ahead of a: 1.10x RPS (median of 3 blocks, 0.75x to 2.00x, ahead in 2)");
}

TEST_CASE("a lead that is printed as 1.00x is none") {
    CHECK(sentence(leads({trial("a", 1, 1000), trial("b", 1, 1004)})[0]) ==
          "b and a were level: 1.00x RPS in the one block");
    CHECK(sentence(leads({trial("a", 1, 1000), trial("b", 1, 1006)})[0]) ==
          "b was ahead of a: 1.01x RPS in the one block");
}

TEST_CASE("an invalid trial removes its pair from the lead") {
    std::vector<TrialRecord> trials{trial("a", 1, 100), trial("b", 1, 50), trial("a", 2, 100),
                                    trial("b", 2, 10)};
    trials[3].verdict = Verdict::kInvalid;
    const auto all = leads(trials);
    REQUIRE(all.size() == 1);
    CHECK(all[0].blocks == 1);
    CHECK(sentence(all[0]) == "a was ahead of b: 2.00x RPS in the one block");
    trials[0].verdict = Verdict::kInvalid;
    CHECK(sentence(leads(trials)[0]) == "a and b: no block has a valid trial of both");
}

TEST_CASE("three contenders make three pairs, and one alone makes none") {
    CHECK(leads({trial("a", 1, 1), trial("b", 1, 2), trial("c", 1, 3)}).size() == 3);
    CHECK(leads({trial("a", 1, 1)}).empty());
}

} // namespace kvduel::experiment
