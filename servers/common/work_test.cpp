#include "servers/common/work.hpp"

#include <doctest/doctest.h>

#include <time.h>

namespace kvduel::servers {

TEST_CASE("a work share is N or N@P%, and nothing else") {
    struct Row {
        const char* text;
        bool good;
        long amount;
        double share;
    };
    for (const Row& row :
         {Row{"0", true, 0, 1}, Row{"5000", true, 5000, 1}, Row{"10000@1%", true, 10000, 0.01},
          Row{"8@0.5%", true, 8, 0.005}, Row{"8@100%", true, 8, 1}, Row{"60000000", true, 60000000, 1},
          Row{"60000001", false, 0, 0}, Row{"-1", false, 0, 0}, Row{"", false, 0, 0}, Row{"5ms", false, 0, 0},
          Row{"5@", false, 0, 0}, Row{"5@%", false, 0, 0}, Row{"5@0%", false, 0, 0},
          Row{"5@101%", false, 0, 0}, Row{"5@nan%", false, 0, 0}, Row{"5@1e1%", false, 0, 0},
          Row{"5@1", false, 0, 0}, Row{"1e3", false, 0, 0}}) {
        CAPTURE(row.text);
        const auto work = parse_work_share("--work-wait-us", row.text);
        REQUIRE(static_cast<bool>(work) == row.good);
        if (!row.good) {
            CHECK(work.error().kind == ErrorKind::kUsage);
            continue;
        }
        CHECK(work->amount.count() == row.amount);
        CHECK(work->share == doctest::Approx(row.share));
    }
}

TEST_CASE("a share of the requests bears the work, the same ones in every process") {
    Work work({std::chrono::microseconds(7), 0.25}, {std::chrono::microseconds(9), 1.0});
    Work twin({std::chrono::microseconds(7), 0.25}, {std::chrono::microseconds(9), 1.0});
    int burdened = 0;
    for (int i = 0; i < 40'000; ++i) {
        const WorkOrder order = work.next();
        CHECK(order.wait.count() == 9);
        burdened += order.cpu.count() == 7 ? 1 : 0;
        REQUIRE(twin.next().cpu == order.cpu);
    }
    CHECK(burdened > 9'600); // 10,000 expected, sd 87
    CHECK(burdened < 10'400);
}

TEST_CASE("burning CPU spends the thread's own time, no less than asked") {
    const auto spent = [] {
        timespec time{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return time.tv_sec * 1'000'000'000L + time.tv_nsec;
    };
    const long before = spent();
    burn_cpu(std::chrono::microseconds(500));
    CHECK(spent() - before >= 500'000);
}

} // namespace kvduel::servers
