// kvduel-truth: a server whose behaviour is known, so that what kvduel says of it can be judged. It shares no
// code with kvduel: no shared code, no shared mistakes. Announces itself as the servers do; on SIGTERM or
// SIGINT it prints what it served, writes its log and exits 0.

#include "harness/tests/truth/options.hpp"
#include "harness/tests/truth/server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include <cstdio>
#include <span>

namespace {

constexpr int kUsage = 64;
constexpr int kUnavailable = 69;
constexpr int kCannotWrite = 73;
constexpr int kBacklog = 1024;

truth::Descriptor take_signals() {
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    ::sigprocmask(SIG_BLOCK, &stops, nullptr);
    return truth::Descriptor(::signalfd(-1, &stops, SFD_CLOEXEC));
}

/// Binds 127.0.0.1 and sets `port` to the one it got.
truth::Descriptor listen_at(std::uint16_t& port) {
    truth::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket.get(), generic, size) != 0 || ::listen(socket.get(), kBacklog) != 0 ||
        ::getsockname(socket.get(), generic, &size) != 0)
        return truth::Descriptor();
    port = ntohs(address.sin_port);
    return socket;
}

} // namespace

int main(int argc, char** argv) {
    const std::span<char* const> arguments(argv + 1, static_cast<std::size_t>(argc - 1));
    truth::CommandLine line = truth::parse_command_line(arguments);
    if (!line.error.empty()) {
        std::fprintf(stderr, "kvduel-truth: %s\n%s", line.error.c_str(), truth::usage().c_str());
        return kUsage;
    }
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::prctl(PR_SET_TIMERSLACK, 1);
    truth::Descriptor signals = take_signals();
    truth::Descriptor listener = listen_at(line.port);
    if (!listener) {
        std::perror("kvduel-truth: cannot listen");
        return kUnavailable;
    }
    truth::Server server(line.options, std::move(listener), std::move(signals));
    std::printf("{\"event\":\"listening\",\"host\":\"127.0.0.1\",\"port\":%d,\"pid\":%d}\n", line.port,
                ::getpid());
    std::fflush(stdout);
    server.run();
    std::fputs(server.journal().summary(server.schedule()).c_str(), stdout);
    if (line.options.arrival_log.empty() || server.journal().write(line.options.arrival_log)) return 0;
    std::perror("kvduel-truth: cannot write the log");
    return kCannotWrite;
}
