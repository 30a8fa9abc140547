#include "harness/experiment/doctor/doctor_loopback.hpp"

#include "core/support/clock.hpp"
#include "core/support/unique_fd.hpp"
#include "harness/experiment/machine/pinned_thread.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

namespace kvduel::experiment {

namespace {

constexpr Duration kDeadline = std::chrono::seconds(3);
constexpr timeval kAnswerLimit{1, 0};

Error failed(const char* step) {
    return {ErrorKind::kUnavailable, "127.0.0.1", std::string(step) + ": " + std::strerror(errno), ""};
}

bool set_up(int fd) {
    const int on = 1;
    return ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0 &&
           ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &kAnswerLimit, sizeof kAnswerLimit) == 0;
}

/// Both ends of one connection, blocking; a recv waits 1 s at the most.
Result<std::pair<UniqueFd, UniqueFd>> connect_to_itself() {
    const UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (!listener || ::bind(listener.get(), any, length) != 0 || ::listen(listener.get(), 1) != 0 ||
        ::getsockname(listener.get(), any, &length) != 0)
        return failed("listen");
    UniqueFd near(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!near || ::connect(near.get(), any, length) != 0) return failed("connect");
    UniqueFd far(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!far) return failed("accept");
    if (!set_up(near.get()) || !set_up(far.get())) return failed("setsockopt");
    return std::pair(std::move(near), std::move(far));
}

/// A recv with a time limit ends with EINTR when the process was stopped and goes on (signal(7)).
bool receive(int fd, char& byte) {
    for (;;) {
        const ssize_t size = ::recv(fd, &byte, 1, 0);
        if (size >= 0 || errno != EINTR) return size == 1;
    }
}

void echo(int fd) {
    char byte = 0;
    while (receive(fd, byte))
        if (::send(fd, &byte, 1, MSG_NOSIGNAL) != 1) return;
}

Result<stats::Histogram> ask(int fd) {
    stats::Histogram round_trips;
    const TimePoint deadline = Clock::now() + kDeadline;
    char byte = 'x';
    for (unsigned i = 0; i < kRoundTrips + kRoundTrips / 10; ++i) {
        const TimePoint began = Clock::now();
        if (began > deadline) break;
        if (::send(fd, &byte, 1, MSG_NOSIGNAL) != 1 || !receive(fd, byte)) return failed("round trip");
        if (i >= kRoundTrips / 10)
            round_trips.record(static_cast<std::uint64_t>((Clock::now() - began).count()));
    }
    return round_trips;
}

} // namespace

Result<stats::Histogram> measure_round_trips(std::optional<int> server_cpu, std::optional<int> load_cpu) {
    auto ends = connect_to_itself();
    if (!ends) return ends.error();
    Result<stats::Histogram> measured{stats::Histogram{}};
    {
        const std::jthread server([&] {
            pin_this_thread(server_cpu);
            echo(ends->second.get());
        });
        std::jthread([&] {
            pin_this_thread(load_cpu);
            measured = ask(ends->first.get());
            ::shutdown(ends->first.get(), SHUT_RDWR); // the echo reads its end and leaves
        }).join();
    }
    return measured;
}

DoctorFinding check_loopback(const Result<stats::Histogram>& round_trips_ns) {
    const std::vector<std::string> names{"round_trips", "round_trip_p50_us", "round_trip_p99_us",
                                         "round_trip_min_us"};
    if (!round_trips_ns) return not_to_be_had("loopback", names, message(round_trips_ns.error()));
    const stats::Histogram& times = *round_trips_ns;
    if (times.count() == 0) return not_to_be_had("loopback", names, "no round trip ended within 3 s");
    const auto us = [&](double q) { return static_cast<double>(times.quantile(q)) / 1e3; };
    DoctorFinding finding{"loopback", Fitness::kOk, {}, "", ""};
    finding.values = {{names[0], static_cast<double>(times.count())},
                      {names[1], us(0.5)},
                      {names[2], us(0.99)},
                      {names[3], static_cast<double>(times.min()) / 1e3}};
    finding.message =
        printed("a byte there and back takes P50 %.1f us, P99 %.1f us: no latency with a sleeping "
                "peer is lower",
                us(0.5), us(0.99));
    return finding;
}

} // namespace kvduel::experiment
