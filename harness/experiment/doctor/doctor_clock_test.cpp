#include "harness/experiment/doctor/doctor_clock.hpp"

#include "harness/experiment/machine/fact_tree_for_test.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {
namespace {

using std::chrono::microseconds;

constexpr const char* kCurrent = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
constexpr const char* kAvailable = "/sys/devices/system/clocksource/clocksource0/available_clocksource";

/// 1,000 sleeps on a clock of our own, of which every 50th lasts longer by `rare`, the others by 10 us.
stats::Histogram overshoot_with(Duration rare) {
    TimePoint time{};
    unsigned sleeps = 0;
    return measure_overshoot(
        1'000, [&] { return time; },
        [&](Duration length) { time += length + (++sleeps % 50 == 0 ? rare : microseconds(10)); });
}

} // namespace

TEST_CASE("a clock that costs over 100 ns a read is warned of, at 100 ns not") {
    const FakeMachine machine{{kCurrent, "hpet\n"}, {kAvailable, "tsc hpet acpi_pm\n"}};
    const DoctorFinding slow = check_clock(machine.facts(), 100.5);
    CHECK(slow.verdict == Fitness::kWarning);
    CHECK(slow.message == "hpet, 100.5 ns a read");
    CHECK(slow.remedy.starts_with("run: echo tsc > "));
    CHECK(check_clock(machine.facts(), 100).verdict == Fitness::kOk);
    machine.write(kAvailable, "hpet\n");
    CHECK(check_clock(machine.facts(), 101).remedy.starts_with("boot with clocksource=tsc"));
    CHECK(check_clock(FactTree("/nonexistent"), 20).message == "source not to be had, 20.0 ns a read");
}

TEST_CASE("sleeps are late by what the clock says, to the bucket") {
    const DoctorFinding finding = check_timer(overshoot_with(microseconds(90)));
    CHECK(finding.verdict == Fitness::kOk);
    CHECK(*number_of({finding}, "timer", "overshoot_p50_us") == doctest::Approx(10).epsilon(0.001));
    CHECK(*number_of({finding}, "timer", "overshoot_p99_us") == doctest::Approx(90).epsilon(0.001));
    CHECK(number_of({finding}, "timer", "sleeps") == 1000.0);
}

TEST_CASE("sleeps that end over 120 us late in the P99 are warned of, at 119 us not") {
    CHECK(check_timer(overshoot_with(microseconds(122))).verdict == Fitness::kWarning);
    CHECK(check_timer(overshoot_with(microseconds(119))).verdict == Fitness::kOk);
    CHECK(check_timer(stats::Histogram{}).message == "not to be had: no sleep ended");
}

TEST_CASE("this machine's clock and timer can be measured") {
    CHECK(measure_clock_read_ns() > 0);
    CHECK(measure_overshoot_here(std::nullopt).count() == kSleeps);
}

} // namespace kvduel::experiment
