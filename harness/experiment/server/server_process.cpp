#include "harness/experiment/server/server_process.hpp"

#include "harness/experiment/machine/proc_children.hpp"
#include "harness/experiment/server/server_family.hpp"
#include "harness/experiment/server/tcp_client.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace kvduel::experiment {

namespace {

using std::chrono::milliseconds;

constexpr Duration kLook = milliseconds(10);               // between two looks at a process we wait for
constexpr Duration kOrphanLimit = std::chrono::seconds(2); // SIGKILL needs no more unless the kernel is stuck
constexpr std::size_t kDrainBytes = 1 << 20;               // a pipe's worth a call: no server can hold us

/// Reads what is there, at most kDrainBytes; `take` gets each piece and says false to stop. True at the end
/// of the stream.
template <typename Take>
bool read_available(const UniqueFd& fd, Take take) {
    std::array<char, 16 * 1024> buffer;
    for (std::size_t total = 0; total < kDrainBytes;) {
        const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno != EAGAIN;
        if (count == 0) return true;
        total += static_cast<std::size_t>(count);
        if (!take(std::string_view(buffer.data(), static_cast<std::size_t>(count)))) return false;
    }
    return false;
}

int poll_timeout_ms(Duration wait) {
    return static_cast<int>(std::max<std::int64_t>(1, std::chrono::ceil<milliseconds>(wait).count()));
}

std::string in_seconds(Duration limit) {
    const auto whole = std::chrono::duration_cast<milliseconds>(limit).count();
    if (whole % 1000 == 0) return std::to_string(whole / 1000) + " s";
    return std::to_string(whole) + " ms";
}

Error interrupted() {
    return Error{ErrorKind::kInterrupted, "", "interrupted while the server started", ""};
}

} // namespace

Result<std::unique_ptr<ServerProcess>> ServerProcess::launch(const Launch& launch) {
    Result<Spawned> spawned = spawn_server(launch);
    if (!spawned) return spawned.error();
    return std::unique_ptr<ServerProcess>(new ServerProcess(*std::move(spawned)));
}

ServerProcess::ServerProcess(Spawned spawned) : spawned_(std::move(spawned)) {
    group_.emplace(spawned_.pid);
}

ServerProcess::~ServerProcess() {
    stop(Duration::zero());
}

bool ServerProcess::read_announcement() {
    bool is_whole = false;
    has_out_ended_ = has_out_ended_ || read_available(spawned_.out, [&](std::string_view bytes) {
                         line_.append(bytes);
                         is_whole =
                             line_.find('\n') != std::string::npos || line_.size() > kAnnouncementBytes;
                         return !is_whole;
                     });
    return is_whole;
}

Result<Announcement> ServerProcess::await_announcement(const JsonReaders& readers, Duration limit,
                                                       const std::atomic<bool>& stop) {
    const TimePoint deadline = Clock::now() + limit;
    while (!read_announcement()) {
        const Outcome waiting = check_waiting(deadline, limit, stop, "no listening line");
        if (!waiting) return waiting.error();
    }
    const std::size_t end = line_.find('\n');
    if (end == std::string::npos || end > kAnnouncementBytes)
        return Error{ErrorKind::kUnavailable, "", "the first line on its stdout is longer than 4096 bytes",
                     "it must announce itself there"};
    Result<Announcement> announcement = readers.announcement(std::string_view(line_).substr(0, end));
    if (!announcement) return announcement.error();
    if (announcement->pid && !is_within(*announcement->pid, spawned_.pid))
        return Error{ErrorKind::kUnavailable, "",
                     "it announced pid " + std::to_string(*announcement->pid) +
                         ", which is not the process that was started (" + std::to_string(spawned_.pid) + ")",
                     ""};
    return announcement;
}

Outcome ServerProcess::await_port(const load::Target& target, Duration limit, const std::atomic<bool>& stop) {
    const TimePoint deadline = Clock::now() + limit;
    while (!connect_tcp(target, deadline)) {
        const Outcome waiting = check_waiting(deadline, limit, stop, "no connection accepted");
        if (!waiting) return waiting.error();
    }
    if (has_ended()) return ended_early(); // somebody else answered at that port
    return ok();
}

/// One turn of a wait for the server to be ready: an error if there is nothing left to wait for.
Outcome ServerProcess::check_waiting(TimePoint deadline, Duration limit, const std::atomic<bool>& stop,
                                     const char* awaited) {
    if (stop.load(std::memory_order_relaxed)) return interrupted();
    if (has_ended()) return ended_early();
    const Duration left = deadline - Clock::now();
    if (left <= Duration::zero())
        return Error{ErrorKind::kUnavailable, "", std::string(awaited) + " within " + in_seconds(limit), ""};
    wait_for_output(std::min(left, kLook));
    return ok();
}

void ServerProcess::wait_for_output(Duration limit) {
    // A stream that ended is left out (a negative fd), or poll would never wait again.
    std::array<pollfd, 2> streams{{{has_out_ended_ ? -1 : spawned_.out.get(), POLLIN, 0},
                                   {has_err_ended_ ? -1 : spawned_.err.get(), POLLIN, 0}}};
    ::poll(streams.data(), streams.size(), poll_timeout_ms(limit));
    has_err_ended_ = has_err_ended_ || read_available(spawned_.err, [&](std::string_view bytes) {
                         tail_.append(bytes);
                         return true;
                     });
}

void ServerProcess::drain_output() {
    has_out_ended_ = has_out_ended_ || read_available(spawned_.out, [](std::string_view) { return true; });
    has_err_ended_ = has_err_ended_ || read_available(spawned_.err, [&](std::string_view bytes) {
                         tail_.append(bytes);
                         return true;
                     });
}

bool ServerProcess::has_ended() {
    if (exit_) return true;
    siginfo_t info{};
    // WNOWAIT leaves the zombie, so that its pid and group stay ours until stop() reaps it.
    if (::waitid(P_PID, static_cast<id_t>(spawned_.pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0)
        return true;
    return info.si_pid == spawned_.pid;
}

Error ServerProcess::ended_early() {
    const ServerExit exit = stop(Duration::zero());
    return Error{ErrorKind::kUnavailable, "", "the server " + describe(exit) + " before it listened", ""};
}

ServerExit ServerProcess::stop(Duration limit) {
    if (exit_) return *exit_;
    ServerExit exit;
    const TimePoint deadline = Clock::now() + limit;
    if (!has_ended() && limit > Duration::zero()) ::kill(-spawned_.pid, SIGTERM);
    while (!has_ended() && Clock::now() < deadline) {
        ::poll(nullptr, 0, poll_timeout_ms(milliseconds(2)));
        drain_output();
    }
    exit.was_killed = !has_ended();
    ::kill(-spawned_.pid, SIGKILL); // the zombie keeps the group's number ours; what else is in it dies too
    group_.reset();
    int status = 0;
    while (::waitpid(spawned_.pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status)) exit.code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) exit.signal = WTERMSIG(status);
    exit.orphans = bury_server(spawned_.pid, kOrphanLimit);
    drain_output();
    exit_ = exit;
    return exit;
}

std::string describe(const ServerExit& exit) {
    if (exit.code) return "exited with " + std::to_string(*exit.code);
    if (!exit.signal) return "was not started";
    const char* name = ::sigabbrev_np(*exit.signal);
    return "was ended by " +
           (name != nullptr ? "SIG" + std::string(name) : "signal " + std::to_string(*exit.signal));
}

} // namespace kvduel::experiment
