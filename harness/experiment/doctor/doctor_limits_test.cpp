#include "harness/experiment/doctor/doctor_limits.hpp"

#include "harness/experiment/machine/fact_tree_for_test.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {
namespace {

constexpr const char* kRange = "/proc/sys/net/ipv4/ip_local_port_range";
constexpr const char* kReuse = "/proc/sys/net/ipv4/tcp_tw_reuse";
constexpr const char* kSockstat = "/proc/net/sockstat";

std::string sockstat(unsigned time_wait) {
    return "sockets: used 9\nTCP: inuse 2 orphan 0 tw " + std::to_string(time_wait) + " alloc 2 mem 1\n";
}

} // namespace

TEST_CASE("one descriptor under connections + 64 is a problem, as many are enough") {
    const DoctorFinding few = check_descriptors(1063, 1000);
    CHECK(few.verdict == Fitness::kProblem);
    CHECK(few.remedy == "run: ulimit -n 1064");
    CHECK(few.message == "1063 allowed, 1000 connections need 1064");
    CHECK(check_descriptors(1064, 1000).verdict == Fitness::kOk);
    const DoctorFinding unlimited = check_descriptors(std::nullopt, 1000);
    CHECK(unlimited.verdict == Fitness::kOk);
    CHECK_FALSE(number_of({unlimited}, "descriptors", "descriptors_allowed"));
}

TEST_CASE("a backlog under the connections is warned of with the setting that is short") {
    const FakeMachine machine{{"/proc/sys/net/core/somaxconn", "999\n"},
                              {"/proc/sys/net/ipv4/tcp_max_syn_backlog", "1000\n"}};
    const DoctorFinding one = check_backlog(machine.facts(), 1000);
    CHECK(one.verdict == Fitness::kWarning);
    CHECK(one.remedy == "run: sysctl -w net.core.somaxconn=1000");
    CHECK(check_backlog(machine.facts(), 999).verdict == Fitness::kOk);
    CHECK(check_backlog(machine.facts(), 1001).remedy ==
          "run: sysctl -w net.core.somaxconn=1001 net.ipv4.tcp_max_syn_backlog=1001");
    CHECK(check_backlog(FactTree("/nonexistent"), 1).message.starts_with("not to be had: /proc/sys/net"));
}

TEST_CASE("more than half of the ports in TIME_WAIT is warned of, half is not") {
    const FakeMachine machine{{kRange, "1001\t2000\n"}, {kReuse, "2\n"}, {kSockstat, sockstat(501)}};
    const DoctorFinding used = check_ports(machine.facts(), 64);
    CHECK(used.verdict == Fitness::kWarning);
    CHECK(used.remedy == "wait 60 s until they are gone");
    machine.write(kSockstat, sockstat(500));
    const DoctorFinding half = check_ports(machine.facts(), 64);
    CHECK(half.verdict == Fitness::kOk);
    CHECK(number_of({half}, "ports", "new_connections_per_s_max") == 1000.0);
}

TEST_CASE("ports that are not reused bound new connections to ports / 60 s") {
    const FakeMachine machine{{kRange, "32768 60999\n"}, {kReuse, "0\n"}, {kSockstat, sockstat(0)}};
    const DoctorFinding finding = check_ports(machine.facts(), 64);
    CHECK(finding.verdict == Fitness::kNote);
    CHECK(*number_of({finding}, "ports", "new_connections_per_s_max") == doctest::Approx(28232 / 60.0));
}

TEST_CASE("fewer ports than connections is a problem, as many are enough") {
    const FakeMachine machine{{kRange, "1001 1100\n"}, {kReuse, "1\n"}, {kSockstat, sockstat(0)}};
    CHECK(check_ports(machine.facts(), 101).verdict == Fitness::kProblem);
    CHECK(check_ports(machine.facts(), 100).verdict == Fitness::kOk);
    machine.write(kRange, "60999 32768\n");
    CHECK(check_ports(machine.facts(), 1).message.find("is not a range of ports") != std::string::npos);
    CHECK(check_ports(FactTree("/nonexistent"), 1).verdict == Fitness::kNote);
}

} // namespace kvduel::experiment
