#include "harness/experiment/machine/cgroup.hpp"
#include "harness/experiment/machine/cpu_plan.hpp"
#include "harness/experiment/machine/fact_tree_for_test.hpp"
#include "harness/experiment/machine/machine.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {

TEST_CASE("a fact that cannot be read says which file and why") {
    const FakeMachine machine{{"/proc/loadavg", "0.50 0.40 0.30 1/99 7\n"}};
    CHECK(*machine.facts().line("/proc/loadavg") == "0.50 0.40 0.30 1/99 7");
    CHECK(*machine.facts().number("/proc/loadavg") == doctest::Approx(0.5));
    const auto missing = machine.facts().line("/proc/pressure/cpu");
    REQUIRE_FALSE(missing);
    CHECK(message(missing.error()) == "/proc/pressure/cpu: No such file or directory");
    CHECK_FALSE(machine.facts().number("/proc/pressure/cpu"));
    CHECK(machine.facts().names("/proc") == std::vector<std::string>{"loadavg"});
    CHECK(machine.facts().names("/sys").empty());
}

TEST_CASE("cpu.max is a share of CPUs or no limit") {
    CHECK(parse_cpu_max("150000 100000") == 1.5);
    for (const char* unlimited : {"max 100000", "", "100000", "0 100000", "5 0", "x y"}) {
        CAPTURE(unlimited);
        CHECK_FALSE(parse_cpu_max(unlimited));
    }
}

TEST_CASE("the least quota on the way up to the root counts") {
    const FakeMachine machine{{"/proc/self/cgroup", "1:cpu:/\n0::/user/shell\n"},
                              {"/sys/fs/cgroup/user/shell/cpu.max", "max 100000\n"},
                              {"/sys/fs/cgroup/user/cpu.max", "200000 100000\n"},
                              {"/sys/fs/cgroup/cpu.max", "400000 100000\n"},
                              {"/sys/fs/cgroup/user/cpuset.cpus.effective", "0-3\n"}};
    CHECK(read_cpu_quota(machine.facts()) == 2.0);
    CHECK(read_cpuset(machine.facts()) == "0-3");
    CHECK_FALSE(read_cpu_quota(FactTree("/nonexistent")));
    CHECK(read_cpuset(FactTree("/nonexistent")).empty());
}

TEST_CASE("the machine is described from its files alone") {
    const FakeMachine machine{
        {"/proc/cpuinfo", "model name : A CPU\nflags : fpu hypervisor sse\n"},
        {"/proc/meminfo", "MemTotal: 1024 kB\n"},
        {"/proc/loadavg", "1.25 0 0 1/2 3\n"},
        {"/sys/class/dmi/id/sys_vendor", "Maker\n"},
        {"/sys/devices/system/cpu/vulnerabilities/meltdown", "Not affected\n"},
        {"/sys/devices/system/cpu/vulnerabilities/spectre_v1", "Mitigation: barriers\n"},
        {"/sys/devices/system/cpu/vulnerabilities/mds", "Vulnerable\n"}};
    const Environment environment = probe_environment(machine.facts());
    CHECK(environment.cpu_model == "A CPU");
    CHECK(environment.virtualization == "vm (Maker)");
    CHECK(environment.memory_bytes == 1024 * 1024);
    CHECK(environment.load_average_1m == 1.25);
    CHECK(environment.mitigations == "mds: Vulnerable; spectre_v1: Mitigation: barriers");
    CHECK(environment.governor.empty());
}

TEST_CASE("hyper-threads of one core are found by their siblings") {
    const FakeMachine machine{{"/sys/devices/system/cpu/cpu0/topology/thread_siblings_list", "0,2\n"},
                              {"/sys/devices/system/cpu/cpu1/topology/thread_siblings_list", "1,3\n"},
                              {"/sys/devices/system/cpu/cpu2/topology/thread_siblings_list", "0,2\n"},
                              {"/sys/devices/system/cpu/cpu3/topology/thread_siblings_list", "1,3\n"}};
    CHECK(cores_of({0, 1, 2, 3}, machine.facts()) == Cores{{0, 2}, {1, 3}});
    CHECK(cores_of({0, 3}, FactTree("/nonexistent")) == Cores{{0}, {3}});
}

TEST_CASE("a CPU that is not there is refused with those that are") {
    const Cores cores{{0, 2}, {1}};
    CHECK(check_cpus(cores, std::nullopt, "--load-cpus"));
    CHECK(check_cpus(cores, std::vector<int>{1, 2}, "--load-cpus"));
    const auto refused = check_cpus(cores, std::vector<int>{1, 7}, "--load-cpus");
    REQUIRE_FALSE(refused);
    CHECK(message(refused.error()) == "--load-cpus 7: not a CPU this process may use; allowed: 0, 2, 1");
}

} // namespace kvduel::experiment
