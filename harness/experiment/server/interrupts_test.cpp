#include "harness/experiment/server/interrupts.hpp"

#include "harness/experiment/machine/proc_children.hpp"
#include "harness/experiment/server/server_process.hpp"

#include <doctest/doctest.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace kvduel::experiment {

namespace {

constexpr Duration kPatience = std::chrono::seconds(30);

std::unique_ptr<ServerProcess> start_stubborn_server() {
    auto server =
        ServerProcess::launch({"/bin/sh", {"sh", "-c", "trap '' TERM INT; exec sleep 1000"}, {}, 0});
    REQUIRE(server);
    return *std::move(server);
}

} // namespace

TEST_CASE("the first signal asks for the end, the second kills the servers at once") {
    const Interrupts interrupts;
    const auto server = start_stubborn_server();
    CHECK_FALSE(Interrupts::stop());
    ::raise(SIGINT);
    CHECK(Interrupts::stop());
    CHECK_FALSE(server->has_ended());
    ::raise(SIGTERM);
    const ServerExit exit = server->stop(kPatience);
    CHECK(exit.signal == SIGKILL);
    CHECK_FALSE(exit.was_killed);
}

TEST_CASE("the former handlers come back") {
    ::signal(SIGINT, SIG_IGN);
    { const Interrupts interrupts; }
    const auto former = ::signal(SIGINT, SIG_DFL);
    CHECK((former == SIG_IGN));
}

TEST_CASE("the third signal ends the program with 130") {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const Interrupts interrupts;
        for (int i = 0; i < 3; ++i) ::raise(SIGINT);
        ::_exit(1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 130);
}

TEST_CASE("a harness that is killed takes its server along") {
    become_subreaper(); // the server falls to this process, which can then wait for its end
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t harness = ::fork();
    REQUIRE(harness >= 0);
    if (harness == 0) {
        auto server =
            ServerProcess::launch({"/bin/sh", {"sh", "-c", "trap '' TERM; exec sleep 1000"}, {}, 0});
        const pid_t pid = server ? (*server)->pid() : -1;
        [[maybe_unused]] const ssize_t told = ::write(ends[1], &pid, sizeof pid);
        for (;;) ::pause();
    }
    pid_t server = -1;
    REQUIRE(::read(ends[0], &server, sizeof server) == sizeof server);
    REQUIRE(server > 0);
    REQUIRE(::kill(harness, SIGKILL) == 0);
    REQUIRE(::waitpid(harness, nullptr, 0) == harness);
    int status = 0;
    REQUIRE(::waitpid(server, &status, 0) == server);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGKILL);
    ::close(ends[0]);
    ::close(ends[1]);
}

} // namespace kvduel::experiment
