#include "servers/common/acceptor.hpp"

#include "servers/common/needed_fd.hpp"
#include "servers/common/work.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

namespace kvduel::servers {
namespace {

constexpr int kEvents = 64;
constexpr int kAcceptsPerWake = 64; // so that deadlines are looked at under a storm of connections
constexpr auto kPause = std::chrono::milliseconds(250);
constexpr auto kComplaintGap = std::chrono::seconds(1);
constexpr auto kLongestTick = std::chrono::milliseconds(250);
constexpr auto kShortestTick = std::chrono::milliseconds(5);

/// A quarter of the shortest deadline, so that none is more than a quarter late.
Duration tick_length(const Options& options) noexcept {
    const auto shortest = std::min({options.header_timeout, options.idle_timeout, options.write_timeout});
    return std::clamp<Duration>(shortest / 4, kShortestTick, kLongestTick);
}

} // namespace

Acceptor::Acceptor(Service& service, Model& model, Listener listener)
    : service_(service), model_(model), listener_(std::move(listener)),
      epoll_(needed_fd(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      wake_(needed_fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")), overflow_(epoll_.get()),
      tick_length_(tick_length(service.options)) {
    needed(watch(EPOLL_CTL_ADD, wake_.get(), EPOLLIN), "epoll_ctl");
    needed(watch(EPOLL_CTL_ADD, listener_.fd.get(), EPOLLIN), "epoll_ctl");
}

Acceptor::~Acceptor() {
    ends_ = true;
    stop_accepting();
}

void Acceptor::start() {
    thread_ = std::jthread([this] { run(); });
}

void Acceptor::stop_accepting() noexcept {
    has_closed_ = true;
    ::eventfd_write(wake_.get(), 1);
}

int Acceptor::watch(int operation, int fd, std::uint32_t events) noexcept {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    return ::epoll_ctl(epoll_.get(), operation, fd, &event);
}

void Acceptor::run() {
    use_exact_timers();
    std::array<epoll_event, kEvents> events;
    next_tick_ = Clock::now() + tick_length_;
    while (!ends_) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_tick_ - Clock::now());
        const int wait_ms = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, kLongestTick.count()));
        const int ready = ::epoll_wait(epoll_.get(), events.data(), kEvents, wait_ms);
        const TimePoint now = Clock::now();
        const int listener = listener_.fd.get(); // its event may stand behind the one that closes it
        for (int i = 0; i < ready; ++i) {
            const int fd = events[static_cast<std::size_t>(i)].data.fd;
            if (fd == wake_.get()) {
                eventfd_t unused = 0;
                ::eventfd_read(wake_.get(), &unused);
                listener_.fd.reset();                  // the only reason to be woken
                service_.connections.watch_for_none(); // here, where nobody can be accepted behind it
            } else if (fd == listener) {
                accept_batch(now);
            } else {
                overflow_.ready(fd);
            }
        }
        if (now >= next_tick_) tick(now);
    }
}

void Acceptor::tick(TimePoint now) {
    next_tick_ = now + tick_length_;
    service_.watchdog.look(now);
    // A connection may fall idle after the drain began; whoever does is sent away at the next tick.
    if (service_.is_draining) service_.watchdog.end_idle();
    overflow_.close_late(now);
    resume_when_due(now);
}

void Acceptor::accept_batch(TimePoint now) {
    for (int i = 0; i < kAcceptsPerWake && !has_closed_; ++i) {
        Accepted accepted = accept_one(listener_.fd.get(), model_.accept_flags());
        if (accepted.status == AcceptStatus::kRetry) continue;
        if (accepted.status == AcceptStatus::kExhausted) pause(accepted.error, now);
        if (accepted.status != AcceptStatus::kAccepted) return;
        if (service_.connections.try_open()) {
            UniqueFd refused = model_.deliver(std::move(accepted.fd), ConnectionPlace(service_.connections));
            if (refused) overflow_.turn_away(std::move(refused), now);
        } else {
            service_.metrics.shard(0).reject(Rejection::kConnections);
            overflow_.turn_away(std::move(accepted.fd), now);
        }
    }
}

void Acceptor::pause(int error, TimePoint now) {
    // It stays in the set: what is out of memory now may have none to take it in again.
    watch(EPOLL_CTL_MOD, listener_.fd.get(), 0);
    paused_until_ = now + kPause;
    if (now - last_complaint_ < kComplaintGap) return;
    last_complaint_ = now;
    try {
        service_.log.warn(fmt::format("cannot accept: {}; no new connection for 250 ms; {} are open",
                                      std::strerror(error), service_.connections.open()));
    } catch (const std::bad_alloc&) { // the reason for the pause may be the reason for the silence
    }
}

void Acceptor::resume_when_due(TimePoint now) {
    if (paused_until_ == TimePoint{} || now < paused_until_) return;
    paused_until_ = TimePoint{};
    if (listener_.fd) watch(EPOLL_CTL_MOD, listener_.fd.get(), EPOLLIN);
}

} // namespace kvduel::servers
