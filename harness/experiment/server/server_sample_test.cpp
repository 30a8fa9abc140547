#include "harness/experiment/server/server_sample.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

namespace kvduel::experiment {

TEST_CASE("status gives memory in bytes, threads and both kinds of switches") {
    const ServerSample sample =
        parse_status("Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\nThreads:\t7\n"
                     "voluntary_ctxt_switches:\t11\nnonvoluntary_ctxt_switches:\t3\n");
    CHECK(sample.rss_max_bytes == 2048 * 1024);
    CHECK(sample.rss_bytes == 1024 * 1024);
    CHECK(sample.threads == 7);
    CHECK(sample.switches_voluntary == 11);
    CHECK(sample.switches_involuntary == 3);
}

TEST_CASE("a living process has every figure and its CPU time grows") {
    const ServerSample first = sample_server(::getpid());
    REQUIRE(first.cpu_ns);
    CHECK_FALSE(first.switches_voluntary); // those of the main thread alone would pass for all
    REQUIRE(sample_server_with_switches(::getpid()).switches_voluntary);
    REQUIRE(first.rss_max_bytes);
    CHECK(*first.threads >= 1);
    ServerSample later = sample_server(::getpid());
    while (*later.cpu_ns == *first.cpu_ns) later = sample_server(::getpid());
    CHECK(*later.cpu_ns > *first.cpu_ns);
    CHECK(*later.rss_max_bytes >= *first.rss_max_bytes);
}

TEST_CASE(
    "of processes that serve together everything is the sum, and unknown if one of them does not tell") {
    ServerSample first = sample_server_with_switches(::getpid());
    first.start_ticks = 7;
    first.cpu_ns = 5;
    const ServerSample both = sum_of(first, first);
    CHECK(both.cpu_ns == 10);
    CHECK(*both.rss_max_bytes == 2 * *first.rss_max_bytes);
    CHECK(*both.switches_voluntary == 2 * *first.switches_voluntary);
    CHECK(*both.threads == 2 * *first.threads);
    CHECK(both.start_ticks == 7);
    ServerSample silent = first;
    silent.cpu_ns.reset();
    CHECK_FALSE(sum_of(first, silent).cpu_ns);
    CHECK_FALSE(sum_of(silent, first).cpu_ns);
    CHECK(sum_of(first, silent).rss_bytes);
}

TEST_CASE("a process that is not there has no figures, not zeros") {
    const ServerSample sample = sample_server_with_switches(999'999'999);
    CHECK_FALSE(sample.cpu_ns);
    CHECK_FALSE(sample.user_ticks);
    CHECK_FALSE(sample.rss_bytes);
    CHECK_FALSE(sample.switches_voluntary);
}

} // namespace kvduel::experiment
