#include "servers/common/process.hpp"

#include "servers/common/needed_fd.hpp"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <string>

namespace kvduel::servers {

void prepare_process() noexcept {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
        if (::fcntl(fd, F_GETFD) >= 0) continue;
        // Read-only on purpose: a write to a stdout that was closed must still fail, or nobody learns the
        // port.
        const int opened = ::open("/dev/null", O_RDONLY);
        if (opened >= 0 && opened != fd) ::close(opened);
    }
    ::signal(SIGPIPE, SIG_IGN);
}

UniqueFd block_stop_signals() {
    sigset_t stops;
    ::sigemptyset(&stops);
    ::sigaddset(&stops, SIGTERM);
    ::sigaddset(&stops, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &stops, nullptr);
    return needed_fd(::signalfd(-1, &stops, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd");
}

void use_batch_scheduling() noexcept {
    if (::sched_getscheduler(0) != SCHED_OTHER) return; // somebody chose otherwise for us
    const sched_param parameter{};
    ::sched_setscheduler(0, SCHED_BATCH, &parameter);
}

std::uint64_t raise_descriptor_limit() noexcept {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
        ::getrlimit(RLIMIT_NOFILE, &limit);
    }
    return limit.rlim_cur;
}

int report_failure(std::string_view program, const Error& error) noexcept {
    const std::string line = std::string(program) + ": " + message(error) + "\n";
    [[maybe_unused]] const ssize_t written =
        ::write(STDERR_FILENO, line.data(), line.size()); // nowhere left to tell
    return exit_code(error.kind);
}

} // namespace kvduel::servers
