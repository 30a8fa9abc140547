#include "harness/experiment/server/spawn.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <string_view>

namespace kvduel::experiment {

namespace {

constexpr int kPipeBytes = 1 << 20; // a server that logs a lot must not wait for our next look

/// What a child that could not become the program tells its parent.
struct Failure {
    enum class Step : int { kDescriptors, kAffinity, kExec };
    Step step;
    int error;
};

const char* name_of(Failure::Step step) {
    switch (step) {
    case Failure::Step::kDescriptors: return "cannot set up its descriptors: ";
    case Failure::Step::kAffinity: return "cannot pin it to the CPUs named: ";
    case Failure::Step::kExec: return "cannot be run: ";
    }
    return "";
}

struct Pipe {
    UniqueFd read;
    UniqueFd write;
};

/// Both ends above 2, so that the child's dup2 cannot overwrite one even if our own stdout is closed.
Result<Pipe> make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return Error{ErrorKind::kUnavailable, "pipe", std::strerror(errno), "raise ulimit -n"};
    Pipe low{UniqueFd(ends[0]), UniqueFd(ends[1])};
    Pipe pipe{UniqueFd(::fcntl(ends[0], F_DUPFD_CLOEXEC, 3)), UniqueFd(::fcntl(ends[1], F_DUPFD_CLOEXEC, 3))};
    if (!pipe.read || !pipe.write)
        return Error{ErrorKind::kUnavailable, "pipe", std::strerror(errno), "raise ulimit -n"};
    return pipe;
}

/// argv or envp: the pointers that exec wants over strings that stay where they are.
std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> all;
    all.reserve(words.size() + 1);
    for (std::string& word : words) all.push_back(word.data());
    all.push_back(nullptr);
    return all;
}

std::vector<std::string> make_environment(std::size_t padding) {
    constexpr std::string_view kName = "KVDUEL_PADDING=";
    std::vector<std::string> words;
    for (char** word = environ; *word != nullptr; ++word)
        if (!std::string_view(*word).starts_with(kName)) words.emplace_back(*word);
    words.push_back(std::string(kName) + std::string(padding, 'x'));
    return words;
}

/// All the child needs, made before the fork: after it only async-signal-safe calls are allowed.
struct Prepared {
    const char* executable;
    char* const* argv;
    char* const* envp;
    int null;
    int out;
    int err;
    int failure;
    pid_t parent;
    bool is_pinned;
    cpu_set_t cpus;
};

void reset_signals() noexcept {
    sigset_t none;
    sigemptyset(&none);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGHUP, SIGCHLD}) ::signal(signal, SIG_DFL);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void give_up(const Prepared& prepared, Failure::Step step) noexcept {
    const Failure failure{step, errno};
    [[maybe_unused]] const ssize_t told = ::write(prepared.failure, &failure, sizeof failure);
    ::_exit(127);
}

[[noreturn]] void become(const Prepared& prepared) noexcept {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (::getppid() != prepared.parent) ::_exit(127); // the parent died before prctl: nobody will kill us
    reset_signals();
    if (::dup2(prepared.null, 0) < 0 || ::dup2(prepared.out, 1) < 0 || ::dup2(prepared.err, 2) < 0)
        give_up(prepared, Failure::Step::kDescriptors);
    ::close_range(3, UINT_MAX, CLOSE_RANGE_CLOEXEC); // older kernels: all of ours are CLOEXEC anyway
    if (prepared.is_pinned && ::sched_setaffinity(0, sizeof prepared.cpus, &prepared.cpus) != 0)
        give_up(prepared, Failure::Step::kAffinity);
    ::execve(prepared.executable, prepared.argv, prepared.envp);
    give_up(prepared, Failure::Step::kExec);
}

/// The child's failure, or none once exec has closed the pipe.
Outcome await_exec(int failure_fd, const std::string& executable) {
    Failure failure{};
    ssize_t count = 0;
    do count = ::read(failure_fd, &failure, sizeof failure);
    while (count < 0 && errno == EINTR);
    if (count != sizeof failure) return ok();
    return Error{ErrorKind::kUnavailable, executable,
                 std::string(name_of(failure.step)) + std::strerror(failure.error), ""};
}

cpu_set_t make_cpu_set(const std::vector<int>& cpus) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const int cpu : cpus)
        if (cpu >= 0 && cpu < CPU_SETSIZE) CPU_SET(static_cast<std::size_t>(cpu), &set);
    return set;
}

void make_readable(const UniqueFd& fd) {
    ::fcntl(fd.get(), F_SETFL, O_NONBLOCK);
    ::fcntl(fd.get(), F_SETPIPE_SZ, kPipeBytes); // refused above the user's quota: then 64 KiB must do
}

} // namespace

Result<Spawned> spawn(const Launch& launch) {
    Result<Pipe> out = make_pipe();
    Result<Pipe> err = make_pipe();
    Result<Pipe> failure = make_pipe();
    for (const auto* pipe : {&out, &err, &failure})
        if (!*pipe) return pipe->error();
    const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const UniqueFd null_fd(null >= 0 && null < 3 ? ::fcntl(null, F_DUPFD_CLOEXEC, 3) : null);
    const UniqueFd low_null(null >= 0 && null < 3 ? null : -1);
    if (!null_fd) return Error{ErrorKind::kUnavailable, "/dev/null", std::strerror(errno), ""};

    std::vector<std::string> arguments = launch.arguments;
    std::vector<std::string> environment = make_environment(launch.environment_padding);
    const std::vector<char*> argv = pointers(arguments);
    const std::vector<char*> envp = pointers(environment);
    const Prepared prepared{launch.executable.c_str(),
                            argv.data(),
                            envp.data(),
                            null_fd.get(),
                            out->write.get(),
                            err->write.get(),
                            failure->write.get(),
                            ::getpid(),
                            !launch.cpus.empty(),
                            make_cpu_set(launch.cpus)};
    const pid_t pid = ::fork();
    if (pid < 0) return Error{ErrorKind::kUnavailable, launch.executable, std::strerror(errno), ""};
    if (pid == 0) become(prepared);

    ::setpgid(pid, pid); // as the child does: whoever comes first, the group stands before we use it
    failure->write.reset();
    if (const Outcome started = await_exec(failure->read.get(), launch.executable); !started) {
        ::waitpid(pid, nullptr, 0);
        return started.error();
    }
    make_readable(out->read);
    make_readable(err->read);
    return Spawned{pid, std::move(out->read), std::move(err->read)};
}

} // namespace kvduel::experiment
