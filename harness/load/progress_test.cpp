#include "harness/load/progress.hpp"

#include <doctest/doctest.h>

namespace kvduel::load {

TEST_CASE("throughput is that of the last second, whatever was before") {
    const TimePoint start{};
    Progress progress(start);
    progress.enter(Phase::kWindow);
    progress.expect(start + std::chrono::seconds(4));
    CHECK(progress.glance(start, 0, 0).throughput_rps == 0);
    std::uint64_t succeeded = 0;
    for (int tick = 1; tick <= 20; ++tick) {
        succeeded += tick <= 10 ? 100 : 10;
        const Live& live = progress.glance(start + tick * Progress::kTick, succeeded, 5'000);
        if (tick == 10) CHECK(live.throughput_rps == doctest::Approx(1'000));
        if (tick == 20) CHECK(live.throughput_rps == doctest::Approx(100));
    }
    const Live& live = progress.glance(start + std::chrono::milliseconds(2'050), succeeded, 5'000);
    CHECK(live.p99_us == doctest::Approx(5));
    CHECK(live.elapsed_s == doctest::Approx(2.05));
    CHECK(live.expected_s == doctest::Approx(4));
    CHECK(live.phase == Phase::kWindow);
}

} // namespace kvduel::load
