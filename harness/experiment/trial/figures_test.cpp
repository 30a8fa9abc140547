#include "harness/experiment/trial/figures.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {

namespace {

stats::Histogram histogram_of(std::uint64_t count, std::uint64_t value_ns) {
    stats::Histogram histogram;
    for (std::uint64_t i = 0; i < count; ++i) histogram.record(value_ns);
    return histogram;
}

} // namespace

TEST_CASE("a percentile is absent below its number of samples, minimum and mean never are") {
    const TimeFigures none = make_time_figures({});
    CHECK(none.count == 0);
    CHECK_FALSE(none.min_us);
    const TimeFigures few = make_time_figures(histogram_of(10, 1500));
    CHECK_FALSE(few.p50_us);
    CHECK(few.mean_us == 1.5);
    const TimeFigures some = make_time_figures(histogram_of(661, 1500));
    CHECK(some.p50_us == 1.5);
    CHECK(some.p90_us == 1.5);
    CHECK_FALSE(some.p99_us);
    CHECK(make_time_figures(histogram_of(662, 1500)).p99_us == 1.5);
    CHECK(make_time_figures(histogram_of(6'636, 1500)).p99_9_us == 1.5);
}

TEST_CASE("lateness and intervals give the same figures by the same rule") {
    const LatenessFigures lateness = make_lateness_figures(histogram_of(700, 2000));
    CHECK(lateness.p99_us == 2.0);
    CHECK(lateness.max_us == 2.0);
    CHECK_FALSE(make_lateness_figures({}).max_us);
    const auto intervals = make_interval_figures({{0, 1, 20, 3, histogram_of(20, 1000)}});
    REQUIRE(intervals.size() == 1);
    CHECK(intervals[0].completed == 20);
    CHECK(intervals[0].errors == 3);
    CHECK(intervals[0].p50_us == 1.0);
    CHECK_FALSE(intervals[0].p99_us);
    CHECK(intervals[0].absent == Absences{{"p99_us", "20 samples, 662 needed"}});
}

TEST_CASE("each percentile that is absent says how many samples there are and how many it needs") {
    const TimeFigures few = make_time_figures(histogram_of(661, 1000));
    CHECK(few.absent == Absences{{"p99", "661 samples, 662 needed"}, {"p99_9", "661 samples, 6636 needed"}});
    CHECK(make_time_figures(histogram_of(6'636, 1000)).absent.empty());
    CHECK(make_time_figures({}).absent.at("p50") == "0 samples, 11 needed");
    CHECK(make_lateness_figures(histogram_of(11, 1000)).absent ==
          Absences{{"p99", "11 samples, 662 needed"}});
    const ServerHistogram server{64, {{1000, 64}}, {}};
    CHECK(make_server_time_figures(server).absent.size() == 2);
    CHECK(make_server_time_figures(server).absent.count("p90") == 0);
}

TEST_CASE("the window of a server's histogram is the difference of two looks, bucket by bucket") {
    const ServerHistogram before{5, {{100, 3}, {200, 2}}, 650};
    const ServerHistogram after{120, {{100, 3}, {200, 12}, {400, 105}}, 42'050};
    const ServerHistogram window = subtract(after, before);
    CHECK(window.count == 115);
    CHECK(window.buckets == std::vector<ServerHistogram::Bucket>{{200, 10}, {400, 105}});
    CHECK(subtract(before, after).count == 0);
    const ServerTimeFigures figures = make_server_time_figures(window);
    CHECK(figures.count == 115);
    CHECK(figures.p50_us == 0.4);
    CHECK(figures.max_us == 0.4);
    CHECK(*figures.mean_us == doctest::Approx(0.36)); // 41,400 ns over 115
    CHECK_FALSE(figures.p99_us);
    CHECK_FALSE(make_server_time_figures({}).max_us);
    CHECK_FALSE(make_server_time_figures({}).mean_us);
}

TEST_CASE("a server that tells no sum has no mean, nor has one whose sum went back") {
    const ServerHistogram with_sum{1, {{100, 1}}, 80};
    const ServerHistogram without{1, {{100, 1}}, {}};
    const ServerHistogram later{2, {{100, 2}}, 160};
    CHECK(make_server_time_figures(subtract(later, with_sum)).mean_us == 0.08);
    CHECK_FALSE(make_server_time_figures(subtract(later, without)).mean_us);
    CHECK_FALSE(make_server_time_figures(subtract({2, {{100, 2}}, 70}, with_sum)).mean_us);
}

TEST_CASE("a server's percentile is the upper bound of the bucket that holds the rank") {
    const ServerHistogram half{100, {{1000, 50}, {2000, 50}}, {}};
    CHECK(make_server_time_figures(half).p50_us == 1.0);
    CHECK(make_server_time_figures(half).p90_us == 2.0);
    const ServerHistogram below{100, {{1000, 49}, {2000, 51}}, {}};
    CHECK(make_server_time_figures(below).p50_us == 2.0);
}

} // namespace kvduel::experiment
