#include "harness/experiment/trial/server_figures.hpp"

#include "harness/experiment/trial/load_for_test.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>

namespace kvduel::experiment {

namespace {

WindowEnd end_of_window(std::uint64_t cpu_ns, std::uint64_t user, std::uint64_t system,
                        std::uint64_t switches) {
    WindowEnd end;
    end.server.cpu_ns = cpu_ns;
    end.server.user_ticks = user;
    end.server.system_ticks = system;
    end.server.switches_voluntary = switches;
    end.server.switches_involuntary = switches / 2;
    end.server.rss_bytes = 4096;
    return end;
}

ServerStats page(std::uint64_t total, std::uint64_t switches) {
    ServerStats stats;
    stats.requests_total = total;
    stats.context_switches_voluntary = switches;
    stats.context_switches_involuntary = 0;
    return stats;
}

} // namespace

TEST_CASE("CPU per request is the exact CPU time over the requests that ended in the window") {
    const auto figures = make_server_figures(end_of_window(1'000'000'000, 50, 50, 100),
                                             end_of_window(1'800'000'000, 80, 60, 40'100), sound_load());
    CHECK(*figures.cpu_s == doctest::Approx(0.8));
    CHECK(*figures.cpu_us_per_request == doctest::Approx(20.0));
    CHECK(*figures.cpu_user_s == doctest::Approx(0.6));
    CHECK(*figures.cpu_system_s == doctest::Approx(0.2));
    CHECK(figures.context_switches_voluntary == 40'000);
    CHECK(figures.context_switches_involuntary == 20'000);
    CHECK(*figures.context_switches_per_request == doctest::Approx(1.5));
    CHECK(figures.rss_end_bytes == 4096);
    CHECK_FALSE(figures.queue_wait);
}

TEST_CASE("the ends of the window must be seen when they are, or the CPU between them is another window's") {
    const auto seen = [](double from_s, double to_s, double duration_s) {
        WindowEnd begin;
        WindowEnd end;
        begin.clocks.monotonic_s = from_s;
        end.clocks.monotonic_s = to_s;
        load::LoadResult load;
        load.duration_s = duration_s;
        CHECK(slip_of(begin, end, load) == ""); // in slices
        const TimePoint w0 = TimePoint{} + std::chrono::seconds(10);
        load.window = {w0, w0 + std::chrono::nanoseconds(std::llround(duration_s * 1e9))};
        return slip_of(begin, end, load);
    };
    CHECK(seen(10.019, 12.019, 2) == "");
    CHECK(seen(9.981, 11.981, 2) == "");
    CHECK(seen(10, 12.021, 2) == "an end of the window was seen 21 ms from where it was");
    CHECK(seen(10.021, 12.021, 2) != ""); // as long, and another window all the same
    CHECK(seen(10, 11.979, 2) != "");
    CHECK(seen(10, 10.1049, 0.1) == ""); // 5 ms are allowed in a window however short
    CHECK(seen(10, 10.1051, 0.1) != "");
}

TEST_CASE("what is forgotten of a look gives no figure, neither from the clock nor from the page") {
    WindowEnd begin = end_of_window(1'000'000'000, 50, 50, 100);
    WindowEnd end = end_of_window(1'800'000'000, 80, 60, 40'100);
    begin.stats = page(0, 0);
    end.stats = page(10'000, 0);
    begin.stats->cpu_user_s = begin.stats->cpu_system_s = 1;
    end.stats->cpu_user_s = end.stats->cpu_system_s = 2;
    CHECK(make_server_figures(begin, end, sound_load()).cpu_s);
    forget_cpu(end);
    const auto figures = make_server_figures(begin, end, sound_load());
    CHECK_FALSE(figures.cpu_s);
    CHECK_FALSE(figures.cpu_us_per_request);
    CHECK(figures.rss_end_bytes == 4096);
}

TEST_CASE("the server's own count of switches goes before ours, over the requests of the same pages") {
    WindowEnd begin = end_of_window(1, 0, 0, 100);
    WindowEnd end = end_of_window(2, 0, 0, 50); // threads ended and took their count along
    CHECK_FALSE(make_server_figures(begin, end, sound_load()).context_switches_voluntary);
    begin.stats = page(1'000, 500);
    end.stats = page(11'000, 5'500);
    const auto figures = make_server_figures(begin, end, sound_load());
    CHECK(figures.context_switches_voluntary == 5'000);
    CHECK(*figures.context_switches_per_request == doctest::Approx(0.5));
}

TEST_CASE("the window of the server's own times is the difference of its pages") {
    WindowEnd begin;
    WindowEnd end;
    begin.stats = page(0, 0);
    end.stats = page(100, 0);
    begin.stats->handler = ServerHistogram{100, {{1000, 100}}, {}};
    end.stats->handler = ServerHistogram{200, {{1000, 100}, {2000, 100}}, {}};
    const auto figures = make_server_figures(begin, end, sound_load());
    REQUIRE(figures.handler);
    CHECK(figures.handler->count == 100);
    CHECK(figures.handler->p50_us == 2.0);
    CHECK_FALSE(figures.queue_wait);
}

TEST_CASE("a server that is out of sight has no CPU time unless its page tells it") {
    WindowEnd begin;
    WindowEnd end;
    CHECK_FALSE(make_server_figures(begin, end, sound_load()).cpu_s);
    begin.stats = page(0, 0);
    end.stats = page(1, 0);
    CHECK_FALSE(make_server_figures(begin, end, sound_load()).cpu_s);
    begin.stats->cpu_user_s = begin.stats->cpu_system_s = 1.0;
    end.stats->cpu_user_s = 1.3;
    end.stats->cpu_system_s = 1.1;
    CHECK(*make_server_figures(begin, end, sound_load()).cpu_us_per_request == doctest::Approx(10.0));
}

TEST_CASE("requests that ended in the window are those of its intervals") {
    load::LoadResult load = sound_load();
    load.intervals[1].completed = 10;
    CHECK(ended_in_window(load) == 20'010);
    load.intervals.clear();
    CHECK(ended_in_window(load) == 40'000);
}

} // namespace kvduel::experiment
