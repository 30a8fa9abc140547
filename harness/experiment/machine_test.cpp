#include "harness/experiment/machine.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace kvduel::experiment {

TEST_CASE("steal is the eighth number of the first line of /proc/stat, over all eight") {
    const auto before = parse_cpu_ticks("cpu  10 0 10 70 0 0 0 10 5 5\ncpu0 1 1 1 1 1 1 1 1 1 1\n");
    const auto after = parse_cpu_ticks("cpu  20 0 20 150 0 0 0 11 9 9\n");
    REQUIRE(before);
    CHECK(before->total == 100);
    CHECK(before->steal == 10);
    CHECK(*steal_ratio(before, after) == doctest::Approx(1.0 / 101.0));
    CHECK_FALSE(steal_ratio(before, before));
    CHECK_FALSE(steal_ratio(std::nullopt, after));
    for (const char* wrong : {"", "cpu 1 2 3", "cpu0 1 2 3 4 5 6 7 8", "cpu a 2 3 4 5 6 7 8"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_cpu_ticks(wrong));
    }
}

TEST_CASE("dropped connections are found by name, wherever the kernel puts them") {
    CHECK(parse_listen_drops(
              "TcpExt: A ListenOverflows B ListenDrops\nTcpExt: 9 3 9 4\nIpExt: X\nIpExt: 1\n") == 3);
    CHECK_FALSE(parse_listen_drops("TcpExt: A\nTcpExt: 9\n"));
    CHECK_FALSE(parse_listen_drops("TcpExt: ListenOverflows\n"));
    CHECK_FALSE(parse_listen_drops(""));
}

TEST_CASE("the fingerprint changes with the machine and the pinning, not with its load") {
    Environment one;
    one.cpu_model = "a";
    Environment two = one;
    two.load_average_1m = 3;
    two.steal_ratio = 0.1;
    CHECK(fingerprint(one) == fingerprint(two));
    CHECK(fingerprint(one).size() == 16);
    two.server_cpus = {0};
    CHECK(fingerprint(one) != fingerprint(two));
    two = one;
    two.kernel = "b";
    CHECK(fingerprint(one) != fingerprint(two));
}

TEST_CASE("this machine can be described") {
    const Environment environment = probe_environment();
    CHECK(environment.cpus >= 1);
    CHECK(environment.kernel.starts_with("Linux "));
    CHECK(environment.memory_bytes > 0);
    CHECK_FALSE(environment.virtualization.empty());
    CHECK(read_cpu_ticks());
}

TEST_CASE("too low a descriptor limit names what is needed and what is allowed") {
    CHECK(raise_descriptor_limit(3));
    const auto refused = raise_descriptor_limit(std::numeric_limits<std::uint64_t>::max());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::kUsage);
    CHECK(refused.error().what.starts_with("needs 18446744073709551615 descriptors, "));
}

} // namespace kvduel::experiment
