#include "harness/report/tables/crossing_table.hpp"

#include <doctest/doctest.h>

namespace kvduel::report {
namespace {

using experiment::ComparisonVerdict;
using experiment::Crossing;
using experiment::StripEnd;

Crossing crossing() {
    Crossing one;
    one.scenario = "connections-by-wait";
    one.parameters.connections = 16;
    one.parameters.server = {{"work_wait_us", "4000"}, {"workers", "16"}};
    one.metric = "throughput_rps";
    one.first = "threads";
    one.second = "async";
    one.lower = 16;
    one.upper = 19;
    one.lower_word = ComparisonVerdict::kEquivalent;
    one.upper_word = ComparisonVerdict::kSecond;
    return one;
}

} // namespace

TEST_CASE("a boundary is a sentence with its line, both words and the last and first places they hold at") {
    CHECK(
        crossing_lines({crossing()}) ==
        std::vector<std::string>{
            "connections-by-wait: closed loop, server work_wait_us 4000, workers 16: async against threads: "
            "equivalent up to 16 connections, async wins from 19 on (RPS)"});
    Crossing by_wait = crossing();
    by_wait.axis = experiment::Axis::kWorkWaitUs;
    by_wait.lower_word = ComparisonVerdict::kFirst;
    by_wait.upper = 4'000;
    CHECK(crossing_lines({by_wait}).front() ==
          "connections-by-wait: closed loop, 16 connections, server workers 16: async against threads: "
          "threads wins up to 16 us of wait, async wins from 4,000 on (RPS)");
}

TEST_CASE("a strip that is wider than it should be says why") {
    Crossing wide = crossing();
    const auto ending = [&](StripEnd reason) {
        wide.stopped_by = reason;
        const std::string text = crossing_sentence(wide);
        return text.substr(text.find("(RPS)") + 5);
    };
    CHECK(ending(StripEnd::kStep).empty());
    CHECK(ending(StripEnd::kInteger).empty());
    CHECK(ending(StripEnd::kUndecided) == "; undecided between");
    CHECK(ending(StripEnd::kBound) == "; as many cells as allowed were put between");
    CHECK(ending(StripEnd::kUnfinished) == "; the run ended before it was narrowed");
}

TEST_CASE("the table has a boundary a row") {
    const TextTable table = crossing_table({crossing()});
    REQUIRE(table.rows.size() == 1);
    CHECK(table.rows[0] ==
          std::vector<std::string>{"connections-by-wait: closed loop, server work_wait_us 4000, workers 16",
                                   "async / threads", "RPS", "connections", "16", "equivalent", "19",
                                   "async wins", "step"});
    CHECK(table.rows[0].size() == table.titles.size());
}

} // namespace kvduel::report
