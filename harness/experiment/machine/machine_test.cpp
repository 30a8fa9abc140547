#include "harness/experiment/machine/machine.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace kvduel::experiment {

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
}

TEST_CASE("too low a descriptor limit names what is needed and what is allowed") {
    CHECK(raise_descriptor_limit(3));
    const auto refused = raise_descriptor_limit(std::numeric_limits<std::uint64_t>::max());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::kUsage);
    CHECK(refused.error().what.starts_with("needs 18446744073709551615 descriptors, "));
}

} // namespace kvduel::experiment
