#include "harness/experiment/machine/cpu_throttle.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

namespace kvduel::experiment {

using Files = std::vector<std::string>;

TEST_CASE("a process is throttled by its own control group and by each above it") {
    CHECK(cpu_stat_files("0::/user.slice/a.scope\n") == Files{"/sys/fs/cgroup/user.slice/a.scope/cpu.stat",
                                                              "/sys/fs/cgroup/user.slice/cpu.stat",
                                                              "/sys/fs/cgroup/cpu.stat"});
    CHECK(cpu_stat_files("0::/") == Files{"/sys/fs/cgroup/cpu.stat"});
}

TEST_CASE("under version 1 the group of the controller cpu counts, and no other's") {
    CHECK(cpu_stat_files("4:memory:/m\n2:cpuacct,cpu:/docker/7\n1:cpuset:/s\n") ==
          Files{"/sys/fs/cgroup/cpu/docker/7/cpu.stat", "/sys/fs/cgroup/cpu/docker/cpu.stat",
                "/sys/fs/cgroup/cpu/cpu.stat"});
    CHECK(cpu_stat_files("4:memory:/m\n").empty());
}

TEST_CASE("what is no list of groups names no file, and a deep one names 64") {
    for (const char* text : {"", "\n", "0", "0:", "x:y", "::"}) CHECK(cpu_stat_files(text).empty());
    std::string deep = "0::";
    for (int i = 0; i < 1'000; ++i) deep += "/g";
    CHECK(cpu_stat_files(deep).size() == 64);
}

TEST_CASE("the count of throttled periods never shrinks, where the kernel tells it") {
    const auto first = read_throttled_periods(::getpid());
    const auto later = read_throttled_periods(::getpid());
    CHECK(first.has_value() == later.has_value());
    CHECK(later.value_or(0) >= first.value_or(0));
}

} // namespace kvduel::experiment
