#include "harness/experiment/machine/cpu_times.hpp"

#include <doctest/doctest.h>

#include <array>

namespace kvduel::experiment {

TEST_CASE("steal is the eighth number of a line of /proc/stat, over all eight") {
    const auto before = parse_cpu_times("cpu  10 0 10 70 0 0 0 10 5 5\n");
    const auto after = parse_cpu_times("cpu  20 0 20 150 0 0 0 11 9 9\n");
    REQUIRE(before);
    CHECK(before->sum.total == 100);
    CHECK(before->sum.steal == 10);
    CHECK(*steal_ratio(before, after) == doctest::Approx(1.0 / 101.0));
    CHECK_FALSE(steal_ratio(before, before));
    CHECK_FALSE(steal_ratio(std::nullopt, after));
    for (const char* wrong : {"", "cpu 1 2 3", "cpu0 1 2 3 4 5 6 7 8", "cpu a 2 3 4 5 6 7 8",
                              "cpu  1 2 3 4 5 6 7 8\ncpu0 1 2\n"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_cpu_times(wrong));
    }
}

TEST_CASE("what is stolen of the CPUs that work is not lost among those that stand idle") {
    const auto before =
        parse_cpu_times("cpu 0 0 0 400 0 0 0 0\ncpu0 0 0 0 100 0 0 0 0\ncpu1 0 0 0 100 0 0 0 0\n"
                        "cpu2 0 0 0 100 0 0 0 0\ncpu10 0 0 0 100 0 0 0 0\nintr 1 2 3\n");
    const auto after =
        parse_cpu_times("cpu 90 0 0 790 0 0 0 10\ncpu0 90 0 0 100 0 0 0 10\ncpu1 0 0 0 200 0 0 0 0\n"
                        "cpu2 0 0 0 200 0 0 0 0\ncpu10 0 0 0 200 0 0 0 0\nintr 1 2 3\n");
    CHECK(*steal_ratio(before, after) == doctest::Approx(10.0 / 490.0));
    CHECK(*steal_ratio(before, after, std::array{0}) == doctest::Approx(0.1));
    CHECK(*steal_ratio(before, after, std::array{0, 10}) == doctest::Approx(0.05));
    CHECK(*steal_ratio(before, after, std::array{1}) == 0);
    CHECK(*steal_ratio(before, after, std::array{0, 7}) == doctest::Approx(10.0 / 490.0)); // not known: all
}

TEST_CASE("this machine tells the time of each of its CPUs") {
    const auto times = read_cpu_times();
    REQUIRE(times);
    CHECK(times->sum.total > 0);
    CHECK_FALSE(times->by_cpu.empty());
}

} // namespace kvduel::experiment
