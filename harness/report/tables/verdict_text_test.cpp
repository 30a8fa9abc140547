#include "harness/report/tables/verdict_text.hpp"

#include "harness/report/tables/verdict_table.hpp"

#include <doctest/doctest.h>

namespace kvduel::report {
namespace {

using experiment::Comparison;
using experiment::ComparisonVerdict;

Comparison comparison(ComparisonVerdict verdict) {
    Comparison one;
    one.scenario = "hot-get";
    one.metric = "throughput_rps";
    one.first = "threads";
    one.second = "async";
    one.ratio_second_over_first = 1.25;
    one.lower95 = 1.2;
    one.upper95 = 1.3;
    one.lower90 = 1.21;
    one.upper90 = 1.29;
    one.p_adjusted = 0.0001;
    one.margin = 0.03;
    one.n = 8;
    one.verdict = verdict;
    return one;
}

std::string first_line(const Comparison& of) {
    return verdict_lines(of).front();
}

} // namespace

TEST_CASE("a win is told from the winner's side, with the interval turned over if it is the first") {
    CHECK(first_line(comparison(ComparisonVerdict::kSecond)) ==
          "async wins: 1.25x the RPS of threads [1.20, 1.30], 8 blocks");
    CHECK(first_line(comparison(ComparisonVerdict::kFirst)) ==
          "threads wins: 0.80x the RPS of async [0.77, 0.83], 8 blocks");
}

TEST_CASE("other verdicts are told as second over first, and the undecided say what it would take") {
    CHECK(first_line(comparison(ComparisonVerdict::kEquivalent)) ==
          "equivalent: async has 1.25x the RPS of threads [1.20, 1.30], 8 blocks");
    Comparison undecided = comparison(ComparisonVerdict::kUndecided);
    undecided.blocks_needed = 24;
    undecided.pairs_lost = 1;
    CHECK(first_line(undecided) ==
          "undecided: async has 1.25x the RPS of threads [1.20, 1.30], 8 blocks (1 lost); about 24 would "
          "decide");
    undecided = comparison(ComparisonVerdict::kUndecided);
    undecided.ratio_second_over_first.reset();
    CHECK(first_line(undecided) == "undecided: async against threads by RPS");
}

TEST_CASE("reasons stand behind the verdict, a line each") {
    Comparison win = comparison(ComparisonVerdict::kSecond);
    win.reasons = {"goes along with this", "and that"};
    CHECK(verdict_lines(win).size() == 3);
    CHECK(verdict_lines(win)[2] == "and that");
}

TEST_CASE("the overview has a row a cell and a word a metric, in the order of the suite") {
    experiment::RunReport report;
    experiment::Parameters closed;
    experiment::Parameters open;
    open.loop = experiment::Loop::kOpen;
    open.rate_per_s = 500;
    report.suite.scenarios.push_back({"hot-get", "", "", {}, {closed}});
    report.suite.scenarios.push_back({"tail", "", "", {}, {open}});
    std::vector<Comparison> comparisons(3, comparison(ComparisonVerdict::kSecond));
    comparisons[0].scenario = "tail";
    comparisons[0].parameters = open;
    comparisons[0].metric = "latency_p99_us";
    comparisons[0].verdict = ComparisonVerdict::kUndecided;
    comparisons[0].blocks_needed = 24;
    comparisons[2].metric = "rss_max_bytes";
    comparisons[2].verdict = ComparisonVerdict::kEquivalent;
    const auto overviews = verdict_overviews(report, comparisons);
    REQUIRE(overviews.size() == 1);
    CHECK(overviews[0].summary == "threads wins 0, async wins 1, equivalent 1, undecided 1");
    CHECK(overviews[0].table.titles == std::vector<std::string>{"verdicts: async against threads", "RPS",
                                                                "CPU", "P50", "P99", "RSS", "blocks"});
    CHECK(overviews[0].table.rows[0] == std::vector<std::string>{"hot-get: closed loop, 64 connections",
                                                                 "async 1.25x", "-", "-", "-", "equivalent",
                                                                 "8"});
    CHECK(overviews[0].table.rows[1][4] == "undecided (24)");
}

TEST_CASE("in CSV a contender bears its comparison with the first one") {
    const std::vector<Comparison> comparisons{comparison(ComparisonVerdict::kSecond)};
    const auto titles = comparison_titles();
    const auto cells = comparison_cells(comparisons, "threads", "hot-get", {}, "async");
    REQUIRE(cells.size() == titles.size());
    CHECK(titles[4] == "throughput_rps_verdict");
    CHECK(std::vector<std::string>(cells.begin(), cells.begin() + 6) ==
          std::vector<std::string>{"threads", "1.25", "1.2", "1.3", "async", ""});
    for (const std::string& cell : comparison_cells(comparisons, "threads", "hot-get", {}, "threads"))
        CHECK(cell.empty());
}

} // namespace kvduel::report
