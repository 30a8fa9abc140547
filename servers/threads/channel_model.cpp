#include "servers/threads/channel_model.hpp"

#include "servers/common/needed_fd.hpp"
#include "servers/common/socket.hpp"
#include "servers/common/work.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <new>
#include <utility>

namespace kvduel::servers::threads {
namespace {

constexpr int kEvents = 128;

} // namespace

void ChannelModel::close_abandoned(void* owner) noexcept {
    auto* const connection = static_cast<PooledConnection*>(owner);
    // A close with bytes unread is a reset, which would take the last answer back.
    drain_input(connection->fd.get(), connection->drained);
    delete connection;
}

ChannelModel::ChannelModel(Service& service, const ThreadsOptions& options)
    : service_(service), stay_budget_(options.stay_budget),
      channel_(options.queue_depth > 0 ? options.queue_depth : options.max_in_flight, options.threads),
      epoll_(needed_fd(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      wake_(needed_fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {
    epoll_event event{};
    event.events = EPOLLIN; // data.ptr stays null: no connection
    needed(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event), "epoll_ctl");
}

void ChannelModel::start() {
    workers_.reserve(service_.options.threads);
    for (std::size_t i = 0; i < service_.options.threads; ++i) workers_.emplace_back([this, i] { work(i); });
    poller_ = std::jthread([this] { poll_connections(); });
}

void ChannelModel::stop() noexcept {
    ::eventfd_write(wake_.get(), 1);
    if (poller_.joinable()) poller_.join();
    channel_.close();
    workers_.clear();
}

ModelGauges ChannelModel::gauges() const {
    return {channel_.depth(), channel_.capacity(), {}};
}

UniqueFd ChannelModel::deliver(UniqueFd fd, ConnectionPlace place) noexcept {
    try {
        auto connection = std::make_unique<PooledConnection>(service_, std::move(fd), std::move(place));
        const TimePoint now = Clock::now();
        connection->watch->set(Waiting::kIdle, connection->conversation.deadline(now));
        if (arm(*connection, EPOLL_CTL_ADD, EPOLLIN)) {
            static_cast<void>(connection.release()); // a worker may have closed it already
            return UniqueFd();
        }
        fd = std::move(connection->fd);
    } catch (const std::bad_alloc&) { // counted below
    }
    service_.metrics.shard(0).reject(Rejection::kMemory);
    return fd;
}

void ChannelModel::poll_connections() {
    Lane lane(service_.metrics.shard(service_.options.threads));
    std::array<epoll_event, kEvents> events;
    std::array<PooledConnection*, kEvents> jobs;
    for (;;) {
        const int ready = ::epoll_wait(epoll_.get(), events.data(), kEvents, -1);
        const TimePoint now = Clock::now();
        std::size_t count = 0;
        bool is_over = false;
        for (int i = 0; i < ready; ++i) {
            auto* const connection =
                static_cast<PooledConnection*>(events[static_cast<std::size_t>(i)].data.ptr);
            if (connection == nullptr) {
                is_over = true;
                continue;
            }
            connection->is_armed.exchange(false, std::memory_order_acquire);
            connection->watch->clear();
            connection->ready = now;
            jobs[count++] = connection;
        }
        const std::span<PooledConnection* const> batch(jobs.data(), count);
        for (PooledConnection* refused : batch.subspan(channel_.push(batch)))
            serve(*refused, lane, now, true);
        if (is_over) return;
    }
}

void ChannelModel::work(std::size_t worker) {
    use_exact_timers();
    Lane lane(service_.metrics.shard(worker));
    while (PooledConnection* const connection = channel_.pop(worker))
        serve(*connection, lane, Clock::now(), false);
}

// Every path ends with the connection parked, queued, abandoned or closed, and touches it no more.
void ChannelModel::serve(PooledConnection& connection, Lane& lane, TimePoint now, bool sheds) {
    if (connection.linger_until != TimePoint{}) return linger(connection, now);
    Conversation& conversation = connection.conversation;
    for (std::uint32_t receives = 0;;) {
        switch (conversation.advance(lane, now, sheds)) {
        case Step::kReceive:
            if (receives > stay_budget_) return park(connection, EPOLLIN, now);
            switch (receive(connection, lane, now)) {
            case Received::kMore: break; // in the midst of it: the budget is for what may be silent
            case Received::kSome: ++receives; break;
            case Received::kLetGo: return;
            }
            break;
        case Step::kSend:
            if (!flush(connection, lane, now)) return;
            break;
        case Step::kHandle: handle(connection, lane, now); break;
        case Step::kYield:
            conversation.begin_turn();
            if (!flush(connection, lane, now) || requeue(connection)) return;
            break;
        case Step::kLinger: return linger(connection, now);
        case Step::kClose:
            if (has_bytes_to_read(connection.fd.get())) return linger(connection, now);
            return close(connection);
        case Step::kReset: reset_on_close(connection.fd.get()); return close(connection);
        }
    }
}

ChannelModel::Received ChannelModel::receive(PooledConnection& connection, Lane& lane, TimePoint now) {
    // The event tells when the first bytes were ready; of what a further receive finds nobody knows.
    const TimePoint ready = std::exchange(connection.ready, TimePoint{});
    switch (receive_into(connection.conversation, lane, connection.fd.get(), MSG_DONTWAIT, ready)) {
    case ReceiveStatus::kFilled: return Received::kMore;
    case ReceiveStatus::kReceived: return Received::kSome;
    case ReceiveStatus::kEmpty: park(connection, EPOLLIN, now); return Received::kLetGo;
    case ReceiveStatus::kBroken: close(connection); return Received::kLetGo;
    case ReceiveStatus::kEnded: break;
    }
    if (!connection.watch->expired()) {
        connection.conversation.received_end();
        return Received::kSome;
    }
    switch (connection.conversation.expire(lane, now)) {
    case Step::kReset: reset_on_close(connection.fd.get()); [[fallthrough]];
    case Step::kClose: close(connection); return Received::kLetGo;
    default: return Received::kSome;
    }
}

/// False when the connection was let go.
bool ChannelModel::flush(PooledConnection& connection, Lane& lane, TimePoint now) {
    std::uint64_t sent = 0;
    const SendStatus status = send_output(connection.fd.get(), connection.conversation.output(), sent);
    connection.conversation.sent(sent);
    if (status == SendStatus::kSent) return true;
    if (connection.watch->write_expired()) {
        connection.conversation.expire(lane, now); // counts it
        reset_on_close(connection.fd.get());
        close(connection);
    } else if (status == SendStatus::kBroken) {
        close(connection);
    } else {
        park(connection, EPOLLOUT, now);
    }
    return false;
}

void ChannelModel::handle(PooledConnection& connection, Lane& lane, TimePoint now) {
    const WorkOrder order = service_.work.next();
    block_for(order.wait);
    burn_cpu(order.cpu);
    connection.conversation.handle(lane, now);
}

/// True when it stands in the channel behind the others; a full channel leaves it here.
bool ChannelModel::requeue(PooledConnection& connection) {
    PooledConnection* job = &connection;
    return channel_.push({&job, 1}) == 1;
}

void ChannelModel::park(PooledConnection& connection, std::uint32_t events, TimePoint now) noexcept {
    connection.watch->set(connection.conversation.waiting(), connection.conversation.deadline(now));
    arm(connection, EPOLL_CTL_MOD, events);
}

/// The owner's last touch of the connection: from here on it may be served, or closed.
bool ChannelModel::arm(PooledConnection& connection, int operation, std::uint32_t events) noexcept {
    epoll_event event{};
    event.events = events | EPOLLONESHOT;
    event.data.ptr = &connection;
    const int fd = connection.fd.get();
    connection.is_armed.store(true, std::memory_order_release);
    if (operation == EPOLL_CTL_ADD) return ::epoll_ctl(epoll_.get(), operation, fd, &event) == 0;
    // As a bare system call: in its books the thread sanitizer notes a use of the descriptor by epoll_ctl(),
    // and only for EPOLL_CTL_ADD that the event orders it before the close() of whoever serves it next.
    return ::syscall(SYS_epoll_ctl, epoll_.get(), operation, fd, &event) == 0;
}

void ChannelModel::linger(PooledConnection& connection, TimePoint now) {
    if (connection.linger_until == TimePoint{}) {
        connection.linger_until = now + kLingerTime;
        ::shutdown(connection.fd.get(), SHUT_WR);
        if (connection.watch->expired()) {
            // Its receiving side is shut too: the kernel cannot tell us when the peer closes, so time alone
            // ends it.
            return connection.watch->abandon(connection.linger_until);
        }
    }
    if (connection.watch->expired() || drain_input(connection.fd.get(), connection.drained))
        return close(connection);
    connection.watch->set(Waiting::kLingering, connection.linger_until);
    arm(connection, EPOLL_CTL_MOD, EPOLLIN);
}

void ChannelModel::close(PooledConnection& connection) noexcept {
    delete &connection;
}

} // namespace kvduel::servers::threads
