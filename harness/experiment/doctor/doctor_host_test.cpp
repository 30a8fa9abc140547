#include "harness/experiment/doctor/doctor_host.hpp"

#include "harness/experiment/machine/fact_tree_for_test.hpp"

#include <doctest/doctest.h>

#include <string>

namespace kvduel::experiment {
namespace {

const FactTree kNothing("/nonexistent");

std::string governor_of(int cpu) {
    return "/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/cpufreq/scaling_governor";
}

} // namespace

TEST_CASE("one CPU is a problem, two are none") {
    const DoctorFinding one = check_cpu_count(kNothing, {3});
    CHECK(one.verdict == Fitness::kProblem);
    CHECK(one.message == "1 CPU to run on (3)");
    CHECK(one.remedy.find("two CPUs or more") != std::string::npos);
    const DoctorFinding two = check_cpu_count(kNothing, {0, 1});
    CHECK(two.verdict == Fitness::kOk);
    CHECK(two.remedy.empty());
    CHECK(number_of({two}, "cpus", "cpus") == 2.0);
    CHECK_FALSE(number_of({two}, "cpus", "cpu_quota_cpus"));
}

TEST_CASE("a quota below the CPUs is a warning, one that covers them is none") {
    const FakeMachine machine{{"/sys/fs/cgroup/cpu.max", "199000 100000\n"}};
    CHECK(check_cpu_count(machine.facts(), {0, 1}).verdict == Fitness::kWarning);
    machine.write("/sys/fs/cgroup/cpu.max", "200000 100000\n");
    const DoctorFinding covered = check_cpu_count(machine.facts(), {0, 1});
    CHECK(covered.verdict == Fitness::kOk);
    CHECK(covered.message == "2 CPUs to run on (0-1), quota of 2.00 CPUs");
}

TEST_CASE("server and load on two threads of one core are warned of, on two cores not") {
    const Cores cores{{0, 2}, {1, 3}};
    const DoctorFinding shared = check_topology(cores, {{0}, {2}});
    CHECK(shared.verdict == Fitness::kWarning);
    CHECK(shared.message == "2 cores of 2 threads, server on CPU 0, load on CPU 2: they meet on a core");
    const DoctorFinding apart = check_topology(cores, {{0, 2}, {1, 3}});
    CHECK(apart.verdict == Fitness::kOk);
    CHECK(number_of({apart}, "topology", "shared_core") == 0.0);
    CHECK(check_topology({{0}}, {}).message == "1 core of 1 thread, server and load are not pinned");
}

TEST_CASE("any other governor than performance is warned of with the command") {
    const FakeMachine machine{{governor_of(0), "performance\n"}, {governor_of(1), "powersave\n"}};
    const DoctorFinding mixed = check_governor(machine.facts(), {0, 1});
    CHECK(mixed.verdict == Fitness::kWarning);
    CHECK(mixed.message == "powersave on CPU 1: CPU figures drift");
    CHECK(mixed.remedy == "run: cpupower frequency-set -g performance");
    machine.write(governor_of(1), "performance\n");
    CHECK(check_governor(machine.facts(), {0, 1}).verdict == Fitness::kOk);
    const DoctorFinding hidden = check_governor(kNothing, {0});
    CHECK(hidden.verdict == Fitness::kNote);
    CHECK(hidden.message.starts_with("not to be had: " + governor_of(0)));
}

TEST_CASE("turbo is a note, whichever file tells of it") {
    const std::string intel = "/sys/devices/system/cpu/intel_pstate/no_turbo";
    const std::string boost = "/sys/devices/system/cpu/cpufreq/boost";
    struct Row {
        std::string path;
        std::string text;
        bool is_on;
    };
    for (const Row& row : {Row{intel, "0\n", true}, Row{intel, "1\n", false}, Row{boost, "1\n", true},
                           Row{boost, "0\n", false}}) {
        CAPTURE(row.path);
        CAPTURE(row.text);
        const FakeMachine machine{{row.path, row.text}};
        const DoctorFinding finding = check_turbo(machine.facts());
        CHECK(finding.verdict == (row.is_on ? Fitness::kNote : Fitness::kOk));
        CHECK(finding.remedy.empty() != row.is_on);
    }
    CHECK(check_turbo(kNothing).message.starts_with("not to be had"));
}

TEST_CASE("a virtual machine is a note, bare metal is not") {
    Environment environment;
    environment.virtualization = "vm (Maker)";
    CHECK(check_virtualization(environment).verdict == Fitness::kNote);
    environment.virtualization = "none";
    CHECK(check_virtualization(environment).verdict == Fitness::kOk);
}

TEST_CASE("packet steering on loopback is a note, its absence none") {
    const FakeMachine machine{{"/sys/class/net/lo/queues/rx-0/rps_cpus", "3\n"}};
    Environment environment;
    environment.kernel = "Linux 6";
    CHECK(record_kernel(machine.facts(), environment).verdict == Fitness::kNote);
    machine.write("/sys/class/net/lo/queues/rx-0/rps_cpus", "00000000,00000000\n");
    CHECK(record_kernel(machine.facts(), environment).verdict == Fitness::kOk);
    CHECK(record_kernel(kNothing, environment).verdict == Fitness::kOk);
}

TEST_CASE("a list of CPUs is written as the kernel writes it") {
    CHECK(cpu_list_text({}).empty());
    CHECK(cpu_list_text({0, 1, 2, 5, 7, 8}) == "0-2,5,7-8");
}

} // namespace kvduel::experiment
