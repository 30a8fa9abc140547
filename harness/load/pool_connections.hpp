#pragma once

// Members of Pool (pool.hpp): how connections open, end and are opened again.

#include "harness/load/pool.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace kvduel::load {

inline constexpr std::size_t kInputBytes = 65'536;
inline constexpr std::size_t kOutputBytes = 65'536;

template <PoolDriver Driver>
Pool<Driver>::Pool(const PoolOptions& options, Driver& driver)
    : options_(options), driver_(driver), sources_(options.address, 0, options.ports_per_source) {
    connections_.reserve(options.connections);
    for (std::uint32_t id = 0; id < options.connections; ++id)
        connections_.push_back({.parser = http::ResponseParser(options.response_limits)});
    exchanges_.resize(std::size_t{options.connections} * options.pipeline);
    connection_links_.resize(connections_.size());
    exchange_links_.resize(exchanges_.size());
    unread_.reserve(connections_.size());
    unread_now_.reserve(connections_.size());
    input_.resize(kInputBytes);
    output_.resize(std::max(kOutputBytes, driver.max_request_bytes()));
}

template <PoolDriver Driver>
bool Pool<Driver>::start_epoll() {
    epoll_.reset(::epoll_create1(EPOLL_CLOEXEC));
    return static_cast<bool>(epoll_);
}

template <PoolDriver Driver>
void Pool<Driver>::open_all(TimePoint now) {
    while (next_to_open_ < options_.connections && handshakes_ < kHandshakes) connect(next_to_open_++, now);
}

template <PoolDriver Driver>
void Pool<Driver>::run(TimePoint now) {
    is_running_ = true;
    is_swept_ = options_.may_spin && options_.schedule == nullptr && options_.requests_per_connection == 0 &&
                options_.connections <= kMaxSwept;
    for (std::uint32_t id = 0; id < options_.connections; ++id) {
        if (is_swept_ && connections_[id].state == State::kOpen) connections_[id].channel.leave(epoll_.get());
        if (connections_[id].state == State::kOpen) // in an open loop it has been free since it opened
            fill(id, options_.schedule != nullptr ? connections_[id].since : now);
        else if (connections_[id].state == State::kClosed)
            connect(id, now);
    }
}

template <PoolDriver Driver>
void Pool<Driver>::resume(TimePoint now) {
    is_paused_ = false;
    free_time_.rewind(now);
    for (std::uint32_t id = 0; id < options_.connections; ++id)
        if (connections_[id].state == State::kOpen) fill(id, now);
}

template <PoolDriver Driver>
IndexList* Pool<Driver>::list_of(const Connection& connection) noexcept {
    switch (connection.state) {
    case State::kConnecting: return &connecting_;
    case State::kOpen: return connection.is_available ? &available_ : nullptr;
    case State::kClosing: return &closing_;
    case State::kPausing: return &pausing_[std::min(connection.failures - 2, kPauses - 1)];
    default: return nullptr;
    }
}

/// The only place that changes a state, so that the lists and counts always agree with it. A connection's
/// failures must not change while it pauses: they name its list.
template <PoolDriver Driver>
void Pool<Driver>::enter(std::uint32_t id, State state, TimePoint now) noexcept {
    Connection& connection = connections_[id];
    if (IndexList* list = list_of(connection)) list->remove(connection_links_, id);
    if (options_.schedule != nullptr && available_.empty()) free_time_.end(now);
    if (connection.state == State::kConnecting) --handshakes_;
    if (connection.state == State::kOpen) --open_;
    connection.is_available = false;
    connection.state = state;
    connection.since = now;
    if (state == State::kClosed) connection.is_unread = connection.has_peer_closed = false;
    if (state == State::kConnecting) ++handshakes_;
    if (state == State::kOpen) ++open_;
    if (IndexList* list = list_of(connection)) list->push_back(connection_links_, id);
}

template <PoolDriver Driver>
void Pool<Driver>::connect(std::uint32_t id, TimePoint now) {
    Connection& connection = connections_[id];
    connection.begun = 0;
    const bool is_for_request = is_running_ && options_.schedule == nullptr;
    connection.waiting_since = is_for_request ? std::optional(now) : std::nullopt;
    enter(id, State::kConnecting, now);
    const ChannelOptions from{.source = sources_.at(closed_first_)};
    if (const int error = connection.channel.open(options_.address, epoll_.get(), id, from); error != 0)
        end_handshake(id, error, now);
}

template <PoolDriver Driver>
void Pool<Driver>::end_handshake(std::uint32_t id, int error, TimePoint now) {
    Connection& connection = connections_[id];
    if (error == 0) {
        enter(id, State::kOpen, now);
        if (is_swept_) connection.channel.leave(epoll_.get());
        connection.parser.start(false);
        driver_.connection_opened();
        connection.free_at = now;
        return;
    }
    enter(id, State::kClosed, now);
    connection.channel.close();
    const bool is_awaited = options_.schedule != nullptr && is_running_ && available_.empty() &&
                            options_.schedule->next_due() <= now;
    if (is_awaited) connection.waiting_since = options_.schedule->next_due();
    driver_.connect_failed(connection.waiting_since, now, std::strerror(error));
    connection.waiting_since.reset();
    ++connection.failures;
    reopen(id, now);
}

/// After the first failure at once, then after longer and longer pauses.
template <PoolDriver Driver>
void Pool<Driver>::reopen(std::uint32_t id, TimePoint now) {
    if (!is_running_ || !driver_.is_sending(now)) return;
    if (connections_[id].failures < 2) return connect(id, now);
    enter(id, State::kPausing, now);
}

/// Closes the connection; its oldest request fails for the reason given, those behind it for want of a
/// connection, or because their time is up as well.
template <PoolDriver Driver>
void Pool<Driver>::lose(std::uint32_t id, Failure first, std::string_view why, TimePoint now) {
    Connection& connection = connections_[id];
    const bool was_served = connection.state == State::kClosing || connection.begun > connection.in_flight;
    connection.channel.close();
    enter(id, State::kClosed, now);
    if (connection.in_flight > 0) {
        const Exchange exchange = exchanges_[slot(id, 0)];
        pop(id);
        driver_.failed(exchange, first, now, why);
        fail_rest(id, why, now);
        ++connection.failures;
    } else if (connection.waiting_since) { // it closed before the request that waited for it could leave
        driver_.connect_failed(std::exchange(connection.waiting_since, {}), now, why);
        ++connection.failures;
    } else if (first == Failure::kProtocol) {
        driver_.disturbed(why);
        ++connection.failures;
    } else if (!was_served) {
        ++connection.failures; // opened and closed for nothing: not again without a pause
    }
    reopen(id, now);
}

template <PoolDriver Driver>
template <typename Unsent>
void Pool<Driver>::stop_sending(Unsent unsent) {
    event_count_ = 0;
    send_due();
    is_running_ = false;
    for (std::uint32_t id = 0; id < options_.connections; ++id) {
        Connection& connection = connections_[id];
        if (connection.waiting_since) unsent(*connection.waiting_since);
        connection.waiting_since.reset();
        if (connection.state == State::kConnecting || connection.state == State::kPausing) {
            enter(id, State::kClosed, connection.since);
            connection.channel.close();
        }
    }
}

template <PoolDriver Driver>
template <typename Left>
void Pool<Driver>::abandon(Left left) {
    for (std::uint32_t id = 0; id < options_.connections; ++id) {
        while (connections_[id].in_flight > 0) {
            left(std::as_const(exchanges_[slot(id, 0)]));
            pop(id);
        }
        enter(id, State::kClosed, connections_[id].since);
        connections_[id].channel.close();
    }
}

} // namespace kvduel::load
