#include "harness/experiment/doctor/doctor_noise.hpp"

#include "harness/experiment/machine/cpu_plan.hpp"
#include "harness/experiment/machine/fact_tree_for_test.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {
namespace {

using std::chrono::microseconds;

Spin spin_of(int cpu, double gap_s) {
    return {cpu, 1.0, gap_s, 3, 500};
}

/// The findings that busy_reasons() looks at.
std::vector<DoctorFinding> findings(double steal, double noise, double pressure, double load) {
    return {{"steal", Fitness::kOk, {{"steal_ratio", steal}}, "", ""},
            {"noise", Fitness::kOk, {{"noise_ratio", noise}}, "", ""},
            {"pressure", Fitness::kOk, {{"some_avg10_percent", pressure}}, "", ""},
            {"load", Fitness::kOk, {{"load_average_1m", load}, {"cpus", 2.0}}, "", ""}};
}

DoctorFinding pressure(const char* text) {
    const FakeMachine machine{{"/proc/pressure/cpu", text}};
    return check_pressure(machine.facts());
}

DoctorFinding load(const char* text, std::size_t cpus) {
    const FakeMachine machine{{"/proc/loadavg", text}};
    return check_load(machine.facts(), cpus);
}

} // namespace

TEST_CASE("a spin counts the gaps over 20 us and nothing else") {
    TimePoint time{};
    unsigned reads = 0;
    const Spin seen = spin(microseconds(10'000), [&] {
        const unsigned read = reads++;
        time += read == 100   ? microseconds(70)
                : read == 200 ? microseconds(21)
                              : microseconds(read % 3 == 0 ? 20 : 1);
        return time;
    });
    CHECK(seen.gaps == 2);
    CHECK(seen.gap_s == doctest::Approx(91e-6));
    CHECK(seen.longest_gap_us == doctest::Approx(70));
    CHECK(seen.spin_s >= 0.01);
}

TEST_CASE("noise over 0.5 % on the worst CPU is warned of, 0.5 % is not, over 25 % is a problem") {
    CHECK(check_noise({spin_of(0, 0.0), spin_of(4, 0.0051)}).verdict == Fitness::kWarning);
    CHECK(check_noise({spin_of(0, 0.005), spin_of(4, 0.001)}).verdict == Fitness::kOk);
    CHECK(check_noise({spin_of(0, 0.26)}).verdict == Fitness::kProblem);
    const DoctorFinding worst = check_noise({spin_of(0, 0.0), spin_of(4, 0.1)});
    CHECK(number_of({worst}, "noise", "noisiest_cpu") == 4.0);
    CHECK(number_of({worst}, "noise", "noise_ratio") == 0.1);
    CHECK(check_noise({}).message == "not to be had: no CPU could be spun on");
}

TEST_CASE("steal over 1 % is warned of, over 10 % a problem, at the limits not") {
    CHECK(check_steal(0.01).verdict == Fitness::kOk);
    CHECK(check_steal(0.011).verdict == Fitness::kWarning);
    CHECK(check_steal(0.10).verdict == Fitness::kWarning);
    CHECK(check_steal(0.101).verdict == Fitness::kProblem);
    CHECK(check_steal(std::nullopt).verdict == Fitness::kNote);
}

TEST_CASE("a load over half of the CPUs is warned of, half is not") {
    CHECK(load("1.00 0 0 1/9 5\n", 2).verdict == Fitness::kOk);
    CHECK(load("1.01 0 0 1/9 5\n", 2).verdict == Fitness::kWarning);
    CHECK(load("4.01 0 0 1/9 5\n", 2).verdict == Fitness::kProblem);
    CHECK(load("x\n", 2).message == "not to be had: \"x\" is not a load");
    CHECK(check_load(FactTree("/nonexistent"), 2).verdict == Fitness::kNote);
}

TEST_CASE("pressure over 5 % is warned of, 5 % is not, an unknown file is a note") {
    CHECK(pressure("some avg10=5.00 avg60=9 avg300=9 total=1\n").verdict == Fitness::kOk);
    CHECK(pressure("some avg10=5.01 avg60=0 avg300=0 total=1\n").verdict == Fitness::kWarning);
    CHECK(pressure("some avg10=40.1 avg60=0 avg300=0 total=1\n").verdict == Fitness::kProblem);
    CHECK(pressure("none\n").verdict == Fitness::kNote);
    CHECK(check_pressure(FactTree("/nonexistent")).message ==
          "not to be had: /proc/pressure/cpu: No such file or directory");
}

TEST_CASE(
    "a machine is too busy by steal or noise alone, by pressure and load only together and with some noise") {
    CHECK(busy_reasons(findings(0.10, 0.25, 0, 0)).empty());
    CHECK(busy_reasons(findings(0.101, 0, 0, 0)) == std::vector<std::string>{"steal 10.1 % (limit 10 %)"});
    CHECK(busy_reasons(findings(0, 0.26, 0, 0)) ==
          std::vector<std::string>{"noise 26 % of a CPU (limit 25 %)"});
    CHECK(busy_reasons(findings(0, 0.051, 90, 4.0)).empty());
    CHECK(busy_reasons(findings(0, 0.051, 40, 9.0)).empty());
    CHECK(busy_reasons(findings(0, 0.05, 90, 9.0)).empty());
    CHECK(busy_reasons(findings(0, 0.051, 41, 4.1)).size() == 1);
    CHECK(busy_reasons({}).empty());
}

TEST_CASE("this machine's CPUs can be spun on") {
    const auto spins = spin_on(available_cpus(), microseconds(200));
    CHECK_FALSE(spins.empty());
    CHECK(spin_on({-1}, microseconds(1)).empty());
}

} // namespace kvduel::experiment
