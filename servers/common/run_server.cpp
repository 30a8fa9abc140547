#include "servers/common/run_server.hpp"

#include "servers/common/acceptor.hpp"
#include "servers/common/announce.hpp"
#include "servers/common/process.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <new>
#include <system_error>

namespace kvduel::servers {
namespace {

enum class Woken : std::uint8_t { kSignal, kNoneOpen, kTimeout };

Woken wait_for_end(int signals, int none_open, TimePoint until) {
    std::array<pollfd, 2> watched{{{signals, POLLIN, 0}, {none_open, POLLIN, 0}}};
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
        constexpr std::int64_t kLongestPollMs = 1'000'000;
        const int wait_ms = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, kLongestPollMs));
        const int ready = ::poll(watched.data(), watched.size(), wait_ms);
        if (ready > 0 && (watched[0].revents & POLLIN) != 0) {
            signalfd_siginfo taken{};
            [[maybe_unused]] const ssize_t size = ::read(signals, &taken, sizeof taken);
            return Woken::kSignal;
        }
        if (ready > 0 && (watched[1].revents & POLLIN) != 0) return Woken::kNoneOpen;
        if (Clock::now() >= until) return Woken::kTimeout;
    }
}

/// False when connections had to be cut: threads may be stuck in handlers, and only the end of the process
/// ends them.
bool drain(Service& service, Acceptor& acceptor, int signals) {
    service.is_draining = true;
    acceptor.stop_accepting();
    service.watchdog.end_idle();
    const auto until = Clock::now() + service.options.drain_timeout;
    const Woken woken = wait_for_end(signals, service.connections.none_fd(), until);
    if (woken == Woken::kNoneOpen) return true;
    try {
        service.log.warn(fmt::format("{}: {} connections cut",
                                     woken == Woken::kSignal ? "second signal" : "drain limit reached",
                                     service.connections.open()));
    } catch (const std::bad_alloc&) { // the end does not wait for memory
    }
    service.watchdog.cut_all();
    return false;
}

} // namespace

Outcome run_server(Service& service, Model& model) {
    const UniqueFd signals = block_stop_signals(); // before any thread starts, so that all inherit the mask
    Result<Listener> listener = make_listener(service.options.listen);
    if (!listener) return listener.error();
    const Address bound = listener->address;
    if (!bound.is_loopback()) {
        service.log.warn(fmt::format(
            "{} can be reached from other machines: there is no TLS and no authentication", bound.text()));
    }
    service.gauges = [&model] { return model.gauges(); };
    Acceptor acceptor(service, model, std::move(*listener));
    try {
        model.start();
        acceptor.start();
    } catch (const std::system_error& error) {
        model.stop();
        return Error{ErrorKind::kUnavailable, "threads", error.what(),
                     "lower --threads or raise the limit of processes"};
    }
    if (Outcome announced = announce(bound, service.options.listen); !announced) {
        model.stop();
        return announced;
    }
    while (wait_for_end(signals.get(), -1, Clock::now() + std::chrono::hours(1)) != Woken::kSignal) {
    }
    if (!drain(service, acceptor, signals.get())) ::_exit(0);
    model.stop();
    return ok();
}

} // namespace kvduel::servers
