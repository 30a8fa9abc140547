#include "harness/tests/truth/server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

#include <array>
#include <utility>

namespace truth {

namespace {

constexpr std::uint64_t kListenerId = 0;
constexpr std::uint64_t kSignalsId = 1;
constexpr Nanoseconds kSpin = 150'000; ///< sleeps end late by tens of microseconds: the rest is polled
constexpr Nanoseconds kNsPerS = 1'000'000'000;

Nanoseconds clock_now() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return Nanoseconds{time.tv_sec} * kNsPerS + time.tv_nsec;
}

} // namespace

Server::Server(const Options& options, Descriptor listener, Descriptor signals)
    : options_(options), answerer_(options.fault, options.fault_every), schedule_(options.timing),
      journal_(!options.arrival_log.empty()), listener_(std::move(listener)), signals_(std::move(signals)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)), clean_left_(options.clean) {
    watch(listener_.get(), kListenerId, false, true);
    watch(signals_.get(), kSignalsId, false, true);
}

void Server::watch(int fd, std::uint64_t id, bool output, bool is_new) const {
    epoll_event event{};
    event.events = EPOLLIN | (output ? EPOLLOUT : 0U);
    event.data.u64 = id;
    ::epoll_ctl(epoll_.get(), is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event);
}

void Server::run() {
    do {
        send_due();
        wait();
    } while (handle_events());
}

void Server::wait() const {
    pollfd events{epoll_.get(), POLLIN, 0};
    if (pending_.empty()) {
        ::ppoll(&events, 1, nullptr, nullptr);
        return;
    }
    const Nanoseconds left = pending_.top().at - clock_now() - kSpin;
    if (left <= 0) return;
    const timespec timeout{.tv_sec = left / kNsPerS, .tv_nsec = left % kNsPerS};
    ::ppoll(&events, 1, &timeout, nullptr);
}

/// False once a signal came.
bool Server::handle_events() {
    static std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 0);
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        if (event.data.u64 == kSignalsId) return false;
        if (event.data.u64 == kListenerId)
            accept_all();
        else
            handle_peer(event.data.u64, event.events);
    }
    return true;
}

void Server::accept_all() {
    for (;;) {
        Descriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!socket) return;
        journal_.opened();
        if (peers_.size() >= kMaxPeers) continue;
        const int on = 1;
        ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const std::uint64_t id = ++last_peer_;
        const auto place = peers_.emplace(id, Peer(std::move(socket))).first;
        watch(place->second.fd(), id, false, true);
    }
}

void Server::handle_peer(std::uint64_t id, std::uint32_t events) {
    const auto found = peers_.find(id);
    if (found == peers_.end()) return; // it ended earlier in this turn
    Peer& peer = found->second;
    bool is_open = true;
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
        is_open = peer.receive();
        const Nanoseconds now = clock_now();
        is_open = is_open && read_requests(id, peer, now);
    }
    if (is_open && (events & EPOLLOUT) != 0) is_open = peer.flush();
    settle(id, peer, !is_open);
}

bool Server::read_requests(std::uint64_t id, Peer& peer, Nanoseconds now) {
    for (;;) {
        Request request;
        const ReadState state = read_request(peer.input(), request);
        if (state == ReadState::kNeedMore) return true;
        if (state == ReadState::kBad || pending_.size() >= kMaxPending) return false;
        Pending next = take(request, id, now);
        peer.last_answer = next.at = std::max(next.at, peer.last_answer);
        pending_.push(std::move(next));
        peer.consume(request.size);
    }
}

/// Decides what the answer is and when it leaves.
Server::Pending Server::take(const Request& request, std::uint64_t id, Nanoseconds now) {
    Pending pending{.at = now, .sequence = ++sequence_, .peer = id, .number = 0, .answer = {}};
    if (request.target.starts_with("/-/")) {
        journal_.gave_page();
        pending.answer.bytes = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
        return pending;
    }
    pending.is_recorded = clean_left_ == 0;
    pending.answer = answerer_.answer(request, pending.is_recorded);
    if (!pending.is_recorded) {
        --clean_left_;
        return pending;
    }
    pending.at = schedule_.answer_at(journal_.requests() + 1, now);
    pending.number = journal_.arrived({.connection = id, .arrival = now, .planned = pending.at});
    return pending;
}

void Server::send_due() {
    while (!pending_.empty() && pending_.top().at <= clock_now()) {
        Pending due = std::move(const_cast<Pending&>(pending_.top())); // priority_queue has no other way out
        pending_.pop();
        const auto found = peers_.find(due.peer);
        const Nanoseconds now = clock_now();
        if (due.is_recorded) journal_.answered(due.number, due.answer.fault, now);
        if (found == peers_.end()) continue;
        const bool is_open = found->second.send(std::move(due.answer));
        settle(due.peer, found->second, !is_open);
    }
}

void Server::settle(std::uint64_t id, Peer& peer, bool is_over) {
    if (is_over) {
        peers_.erase(id);
    } else if (peer.has_output() != peer.is_watched_for_output) {
        peer.is_watched_for_output = peer.has_output();
        watch(peer.fd(), id, peer.is_watched_for_output, false);
    }
}

} // namespace truth
