#include "harness/load/due_schedule.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

namespace kvduel::load {

namespace {

using std::chrono::milliseconds;
using enum workload::ArrivalKind;

const TimePoint kStart{std::chrono::seconds(1'000)};

Plan plan_of(double rate, workload::ArrivalKind arrivals, unsigned threads = 1) {
    Plan plan;
    plan.rate_per_s = rate;
    plan.arrivals = arrivals;
    plan.threads = threads;
    return plan;
}

struct Due {
    std::int64_t at_us; ///< since kStart
    std::uint64_t index;
    bool is_of_window;
    bool operator==(const Due&) const = default;
};

/// All of one thread's schedule of a warm-up and a window of these lengths.
std::vector<Due> all(const Plan& plan, std::uint64_t thread, Duration warm_up, Duration window) {
    DueSchedule schedule(plan, thread);
    CHECK(schedule.next_due() == TimePoint::max());
    schedule.begin(kStart, kStart + warm_up, kStart + warm_up + window);
    std::vector<Due> dues;
    for (; schedule.next_due() != TimePoint::max(); schedule.take())
        dues.push_back({(schedule.next_due() - kStart) / std::chrono::microseconds(1), schedule.index(),
                        schedule.is_of_window()});
    return dues;
}

} // namespace

TEST_CASE(
    "the warm-up's requests are due from its start, the window's from w0 with index 0, none from w1 on") {
    // The fourth of the window would be due 10,000 us after w0: that is w1.
    CHECK(all(plan_of(300, kConstant), 0, milliseconds(8), milliseconds(10)) ==
          std::vector<Due>{{0, 0, false},
                           {3'333, 1, false},
                           {6'666, 2, false},
                           {8'000, 0, true},
                           {11'333, 1, true},
                           {14'666, 2, true}});
    CHECK(all(plan_of(300, kConstant), 0, milliseconds(0), milliseconds(4)) ==
          std::vector<Due>{{0, 0, true}, {3'333, 1, true}});
}

TEST_CASE("the window's schedule does not depend on the warm-up before it") {
    for (const auto kind : {kConstant, kPoisson}) {
        const auto alone = all(plan_of(50'000, kind), 0, milliseconds(0), milliseconds(100));
        auto after = all(plan_of(50'000, kind), 0, milliseconds(30), milliseconds(100));
        std::erase_if(after, [](const Due& due) { return !due.is_of_window; });
        for (Due& due : after) due.at_us -= 30'000;
        CHECK(alone.size() > 4'000);
        CHECK(after == alone);
    }
}

TEST_CASE("what the warm-up left waiting when the window begins is void, and the window's is not touched") {
    DueSchedule schedule(plan_of(1'000, kConstant), 0);
    schedule.begin(kStart, kStart + milliseconds(50), kStart + milliseconds(100));
    schedule.take();
    CHECK(schedule.next_due() == kStart + milliseconds(1));
    schedule.start_window();
    CHECK(schedule.next_due() == kStart + milliseconds(50));
    CHECK(schedule.is_of_window());
    schedule.take();
    schedule.start_window();
    CHECK(schedule.next_due() == kStart + milliseconds(51));
    CHECK(schedule.index() == 1);
}

TEST_CASE("the threads' schedules are one schedule, dealt out in turn, in both phases") {
    for (const auto kind : {kConstant, kPoisson}) {
        const auto whole = all(plan_of(20'000, kind), 0, milliseconds(50), milliseconds(200));
        for (const unsigned threads : {2u, 3u, 7u}) {
            std::vector<Due> united;
            for (unsigned thread = 0; thread < threads; ++thread)
                for (Due due :
                     all(plan_of(20'000, kind, threads), thread, milliseconds(50), milliseconds(200))) {
                    due.index = due.index * threads + thread;
                    united.push_back(due);
                }
            std::ranges::sort(united, {},
                              [](const Due& due) { return std::pair(due.is_of_window, due.index); });
            CHECK(united == whole);
        }
    }
}

} // namespace kvduel::load
