#include "harness/experiment/server/server_process.hpp"

#include "harness/experiment/machine/proc_children.hpp"

#include <doctest/doctest.h>

#include <signal.h>
#include <unistd.h>

#include <string>

namespace kvduel::experiment {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kLong = seconds(30); // a deadline no healthy machine reaches; never waited out
const std::atomic<bool> kGoOn{false};

/// Reads "PORT PID" or "PORT": this room tests its own part without JSON.
JsonReaders port_readers() {
    JsonReaders readers;
    readers.announcement = [](std::string_view line) -> Result<Announcement> {
        try {
            std::size_t used = 0;
            const int port = std::stoi(std::string(line), &used);
            Announcement announcement{"127.0.0.1", static_cast<std::uint16_t>(port), std::nullopt};
            if (used < line.size()) announcement.pid = std::stoi(std::string(line.substr(used)));
            return announcement;
        } catch (const std::exception&) {
            return Error{ErrorKind::kUnavailable, "", "not an announcement: \"" + std::string(line) + "\"",
                         ""};
        }
    };
    return readers;
}

std::unique_ptr<ServerProcess> start(const std::string& script) {
    auto server = ServerProcess::launch({"/bin/sh", {"sh", "-c", script}, {}, 100});
    REQUIRE(server);
    return *std::move(server);
}

Result<Announcement> await(ServerProcess& server, Duration limit = kLong) {
    return server.await_announcement(port_readers(), limit, kGoOn);
}

bool has_no_child() {
    return children_of(::getpid()).empty();
}

} // namespace

TEST_CASE("a server announces itself and ends on SIGTERM with its own exit code") {
    const auto server = start("trap 'exit 7' TERM; echo \"4242 $$\"; sleep 1000 & wait");
    const auto announcement = await(*server);
    REQUIRE(announcement);
    CHECK(announcement->port == 4242);
    CHECK(announcement->pid == server->pid());
    CHECK_FALSE(server->has_ended());
    const ServerExit exit = server->stop(kLong);
    CHECK(exit.code == 7);
    CHECK_FALSE(exit.was_killed);
    CHECK(describe(exit) == "exited with 7");
    CHECK(has_no_child());
}

TEST_CASE("a server that exits at once is an error with its code, and its stderr is kept") {
    const auto server = start("echo bad flag --prot >&2; exit 64");
    const auto announcement = await(*server);
    REQUIRE_FALSE(announcement);
    CHECK(announcement.error().kind == ErrorKind::kUnavailable);
    CHECK(announcement.error().what == "the server exited with 64 before it listened");
    CHECK(server->stderr_tail() == std::vector<std::string>{"bad flag --prot"});
    CHECK(has_no_child());
}

TEST_CASE("a server that never announces is given up at the limit") {
    const auto server = start("exec sleep 1000");
    const auto announcement = await(*server, milliseconds(30));
    REQUIRE_FALSE(announcement);
    CHECK(announcement.error().what == "no listening line within 30 ms");
    CHECK(server->stop(kLong).signal == SIGTERM);
    CHECK(has_no_child());
}

TEST_CASE("what is not an announcement is refused with the line") {
    const auto server = start("echo hello; exec sleep 1000");
    const auto announcement = await(*server);
    REQUIRE_FALSE(announcement);
    CHECK(announcement.error().what == "not an announcement: \"hello\"");
}

TEST_CASE("an unbroken line is refused after 4 KiB, however long it would become") {
    const auto server = start("exec head -c 10000000 /dev/zero");
    const auto announcement = await(*server);
    REQUIRE_FALSE(announcement);
    CHECK(announcement.error().what == "the first line on its stdout is longer than 4096 bytes");
}

TEST_CASE("a line of 4096 bytes is read, one byte more is refused") {
    const auto spaces = [](const char* count) {
        return "printf '4242%" + std::string(count) + "s\\n' $$; exec sleep 1000";
    };
    CHECK(await(*start(spaces("4092"))));
    CHECK_FALSE(await(*start(spaces("4093"))));
}

TEST_CASE("an announced pid must be the process that was started or one below it") {
    const auto stranger = start("echo 4242 1; exec sleep 1000");
    REQUIRE_FALSE(await(*stranger));
    const auto wrapped = start("sh -c 'echo 4242 $$; exec sleep 1000' & wait");
    const auto announcement = await(*wrapped);
    REQUIRE(announcement);
    CHECK(announcement->pid != wrapped->pid());
}

TEST_CASE("a server that ignores SIGTERM is killed at the limit") {
    const auto server = start("trap '' TERM; echo 4242; exec sleep 1000");
    REQUIRE(await(*server));
    const ServerExit exit = server->stop(milliseconds(30));
    CHECK(exit.was_killed);
    CHECK(exit.signal == SIGKILL);
    CHECK(describe(exit) == "was ended by SIGKILL");
    CHECK(has_no_child());
}

TEST_CASE("what a server leaves behind by setsid is found and killed") {
    const auto server = start("setsid sh -c 'trap \"\" TERM; echo 4242; sleep 1000' & wait");
    REQUIRE(await(*server));
    const ServerExit exit = server->stop(kLong);
    CHECK(exit.orphans >= 1);
    CHECK(has_no_child());
}

TEST_CASE("a server that goes out of scope is gone, on whatever path") {
    { const auto server = start("trap '' TERM; exec sleep 1000"); }
    CHECK(has_no_child());
}

TEST_CASE("a server that writes without end neither blocks nor fills our memory") {
    const auto server = start("trap 'exit 0' TERM; echo 4242; while :; do echo noise; echo error >&2; done");
    REQUIRE(await(*server));
    while (server->stderr_tail().size() < LineTail::kLines) server->drain_output();
    CHECK(server->stop(kLong).code == 0);
    CHECK(server->stderr_tail().size() == LineTail::kLines);
}

TEST_CASE("a set stop flag ends the wait for a server") {
    const std::atomic<bool> stop{true};
    const auto server = start("exec sleep 1000");
    const auto announcement = server->await_announcement(port_readers(), kLong, stop);
    REQUIRE_FALSE(announcement);
    CHECK(announcement.error().kind == ErrorKind::kInterrupted);
}

TEST_CASE("a server gets stdin from /dev/null, no other descriptor, its own group and the padding") {
    const auto server = start("cat >&2; ls /proc/self/fd >&2; echo ${#KVDUEL_PADDING} >&2; exit 0");
    REQUIRE_FALSE(await(*server));
    CHECK(server->stderr_tail() == std::vector<std::string>{"0", "1", "2", "3", "100"}); // 3 is of ls
}

TEST_CASE("a program that cannot be run or pinned is an error that names the step") {
    const auto missing = ServerProcess::launch({"/nonexistent/server", {"server"}, {}, 0});
    REQUIRE_FALSE(missing);
    CHECK(message(missing.error()) == "/nonexistent/server: cannot be run: No such file or directory");
    const auto unpinned = ServerProcess::launch({"/bin/sh", {"sh"}, {1023}, 0});
    REQUIRE_FALSE(unpinned);
    CHECK(unpinned.error().what.starts_with("cannot pin it"));
    CHECK(has_no_child());
}

TEST_CASE("a server on one CPU runs on that CPU alone") {
    auto server = ServerProcess::launch(
        {"/bin/sh", {"sh", "-c", "grep Cpus_allowed_list /proc/self/status >&2"}, {0}, 0});
    REQUIRE(server);
    REQUIRE_FALSE(await(**server));
    REQUIRE((*server)->stderr_tail().size() == 1);
    CHECK((*server)->stderr_tail().front() == "Cpus_allowed_list:\t0");
}

} // namespace kvduel::experiment
