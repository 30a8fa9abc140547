#include "harness/experiment/server/server_identity.hpp"

#include <doctest/doctest.h>

#include <sys/wait.h>
#include <unistd.h>

namespace kvduel::experiment {

namespace {

ServerSample started_at(std::optional<std::uint64_t> ticks) {
    ServerSample sample;
    sample.start_ticks = ticks;
    return sample;
}

ServerStats page_of(std::optional<int> pid, std::uint64_t requests) {
    ServerStats stats;
    stats.pid = pid;
    stats.requests_total = requests;
    return stats;
}

} // namespace

TEST_CASE("a process is the same by its pid and start time, and one that is not ours to see is not judged") {
    CHECK(process_change(7, started_at(500), started_at(500)) == "");
    CHECK(process_change(7, started_at(500), started_at(501)) ==
          "process 7 is another one: it started at tick 501, not 500");
    CHECK(process_change(7, started_at(500), started_at({})) == "process 7 is gone");
    CHECK(process_change(7, started_at({}), started_at(500)) == "");
    CHECK(process_change(7, started_at({}), started_at({})) == "");
}

TEST_CASE("a server's page tells that it started anew by its pid or its count") {
    CHECK(page_change(page_of(7, 10), page_of(7, 10)) == "");
    CHECK(page_change(page_of(7, 10), page_of(8, 11)) == "process 8 answers in the place of 7");
    CHECK(page_change(page_of({}, 10), page_of({}, 9)) == "its count of requests went back from 10 to 9");
    CHECK(page_change(page_of({}, 10), page_of(7, 10)) == "");
}

TEST_CASE("a process keeps its start time while it runs, and has none once it has ended") {
    int pipe_ends[2];
    REQUIRE(::pipe(pipe_ends) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        char byte = 0;
        ::close(pipe_ends[1]);
        ::_exit(::read(pipe_ends[0], &byte, 1) == 0 ? 0 : 1);
    }
    ::close(pipe_ends[0]);
    const ServerSample first = glance_at_server(child);
    CHECK(first.start_ticks);
    CHECK(process_change(child, first, sample_server(child)) == "");
    ::close(pipe_ends[1]); // the child sees the end of the pipe and leaves
    siginfo_t left{};
    REQUIRE(::waitid(P_PID, static_cast<id_t>(child), &left, WEXITED | WNOWAIT) == 0);
    CHECK(process_change(child, first, glance_at_server(child)).ends_with(" is gone")); // a zombie
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    CHECK(process_change(child, first, glance_at_server(child)).ends_with(" is gone"));
}

} // namespace kvduel::experiment
