#pragma once

// Members of Pool (pool.hpp): how requests leave and answers come, on an open connection.

#include "harness/load/pool.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

namespace kvduel::load {

/// A peer that answers what has not left yet gets nothing more until it has: else it could let us keep
/// requests without end. All that an honest one leaves unsent is of requests in flight.
template <PoolDriver Driver>
bool Pool<Driver>::can_take(const Connection& connection) const noexcept {
    return connection.state == State::kOpen && connection.in_flight < options_.pipeline &&
           (options_.requests_per_connection == 0 || connection.begun < options_.requests_per_connection) &&
           connection.channel.unsent() <= connection.in_flight * driver_.max_request_bytes();
}

/// Sends all that the connection may have in flight, in as few writes as the buffer allows.
template <PoolDriver Driver>
void Pool<Driver>::fill(std::uint32_t id, TimePoint now) {
    if (!is_running_ || is_paused_) return;
    if (options_.schedule != nullptr) return offer(id, now);
    Connection& connection = connections_[id];
    std::size_t bytes = 0;
    std::uint32_t count = 0;
    while (can_take(connection)) {
        if (output_.size() - bytes < driver_.max_request_bytes()) {
            if (!dispatch(id, count, bytes)) return;
            bytes = 0;
            count = 0;
        }
        if (!draw(id, now, bytes)) break;
        ++count;
    }
    if (count > 0) dispatch(id, count, bytes);
}

/// Draws a request for the connection and writes it behind the first `bytes` of the output. False: none now.
template <PoolDriver Driver>
bool Pool<Driver>::draw(std::uint32_t id, TimePoint now, std::size_t& bytes) {
    Connection& connection = connections_[id];
    Exchange& exchange = exchanges_[slot(id, connection.in_flight)];
    if (!driver_.next(exchange, now)) return false;
    exchange.closes = ++connection.begun == options_.requests_per_connection;
    bytes += driver_.write(exchange, output_.data() + bytes);
    ++connection.in_flight;
    return true;
}

/// Open loop: the connection can take requests since `now`.
template <PoolDriver Driver>
void Pool<Driver>::offer(std::uint32_t id, TimePoint now) noexcept {
    Connection& connection = connections_[id];
    if (connection.is_available || !can_take(connection)) return;
    free_time_.begin(now);
    connection.is_available = true;
    available_.push_back(connection_links_, id);
}

/// Open loop: sends all that is due and finds a connection, each at its own time. True if anything was.
template <PoolDriver Driver>
bool Pool<Driver>::send_due() {
    bool has_sent = false;
    while (is_running_ && !is_paused_ && !available_.empty()) {
        const TimePoint now = OwnClock::now();
        if (options_.schedule->next_due() > now) break;
        const std::uint32_t id = available_.front();
        Connection& connection = connections_[id];
        std::size_t bytes = 0;
        const bool may_take = can_take(connection);
        if (may_take && !draw(id, now, bytes)) break;
        available_.remove(connection_links_, id);
        connection.is_available = may_take && can_take(connection);
        if (connection.is_available) available_.push_back(connection_links_, id);
        if (may_take && !dispatch(id, 1, bytes))
            forget_events(id); // else offered again once its requests have left
        if (available_.empty()) free_time_.end(now);
        has_sent |= may_take;
    }
    return has_sent;
}

/// The connection was lost while others' events were handled: those of its old socket in this turn say
/// nothing of the new.
template <PoolDriver Driver>
void Pool<Driver>::forget_events(std::uint32_t id) noexcept {
    for (int i = 0; i < event_count_; ++i)
        if (events_[static_cast<std::size_t>(i)].data.u32 == id)
            events_[static_cast<std::size_t>(i)].events = 0;
}

/// The request leaves now. Of an open loop's wait before that, what passed while a connection was free is the
/// generator's own; it is told as if one had been free from then on.
template <PoolDriver Driver>
void Pool<Driver>::stamp(Exchange& exchange, const Connection& connection, TimePoint now) {
    exchange.send = now;
    if (options_.schedule == nullptr)
        return driver_.sending(exchange, connection.waiting_since.value_or(now), connection.free_at, false);
    const TimePoint free = now - free_time_.between(exchange.due, now);
    driver_.sending(exchange, now, free, !free_time_.was_free(exchange.due));
}

/// Stamps the last `count` exchanges of the connection and sends their bytes. False if no more can be
/// sent.
template <PoolDriver Driver>
bool Pool<Driver>::dispatch(std::uint32_t id, std::uint32_t count, std::size_t bytes) {
    Connection& connection = connections_[id];
    const TimePoint now = OwnClock::now();
    if (options_.schedule == nullptr && !driver_.is_sending(now)) {
        // It ended while these were drawn: they do not leave. In an open loop they are due before the end.
        connection.in_flight -= count;
        return false;
    }
    for (std::uint32_t i = connection.in_flight - count; i < connection.in_flight; ++i) {
        Exchange& exchange = exchanges_[slot(id, i)];
        unanswered_.push_back(exchange_links_, slot(id, i));
        stamp(exchange, connection, now);
        connection.waiting_since.reset();
    }
    in_flight_ += count;
    driver_.moved(bytes, 0, now);
    if (connection.channel.send({output_.data(), bytes})) return true;
    lose(id, Failure::kReset, "connection lost while sending", OwnClock::now());
    return false;
}

/// Receives until there is no more: epoll speaks of each arrival once.
template <PoolDriver Driver>
void Pool<Driver>::receive(std::uint32_t id) {
    Connection& connection = connections_[id];
    int reads = 0;
    while (receive_once(id))
        if (++reads == kReadsPerTurn) {
            if (!std::exchange(connection.is_unread, true)) unread_.push_back(id);
            break;
        }
    fill(id, connection.free_at);
}

/// False once the kernel holds no more, or the connection is lost. A buffer that was not filled took all
/// there was; but a FIN that came with it is told only once, and nothing comes after it.
template <PoolDriver Driver>
bool Pool<Driver>::receive_once(std::uint32_t id) {
    Connection& connection = connections_[id];
    const ssize_t count = connection.channel.receive(input_);
    const TimePoint now = OwnClock::now();
    if (count < 0) {
        if (errno == EINTR) return true;
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            silent_at_ = now;
            return false;
        }
        ++heard_;
        lose(id, Failure::kReset, std::strerror(errno), now);
        return false;
    }
    ++heard_;
    if (count == 0) {
        end_input(id, now);
        return false;
    }
    driver_.moved(0, static_cast<std::size_t>(count), now);
    const bool may_go_on = read_answers(id, {input_.data(), static_cast<std::size_t>(count)}, now);
    if (may_go_on) connection.free_at = now;
    const bool is_listening = may_go_on || connection.state == State::kClosing;
    return is_listening && (static_cast<std::size_t>(count) == input_.size() || connection.has_peer_closed);
}

/// False if the connection takes no more requests.
template <PoolDriver Driver>
bool Pool<Driver>::read_answers(std::uint32_t id, std::string_view input, TimePoint now) {
    Connection& connection = connections_[id];
    while (!input.empty()) {
        if (connection.in_flight == 0) {
            lose(id, Failure::kProtocol, "bytes that nobody asked for", now);
            return false;
        }
        const auto parsed = connection.parser.parse(input);
        input.remove_prefix(parsed.consumed);
        if (parsed.state == http::ResponseParser::State::kNeedMore) break;
        if (parsed.state == http::ResponseParser::State::kFault) {
            lose(id, Failure::kProtocol, connection.parser.fault(), now);
            return false;
        }
        if (!end_answer(id, !input.empty(), now)) return false;
    }
    return true;
}

/// Takes the whole answer of the oldest request. False if the connection takes no more requests.
template <PoolDriver Driver>
bool Pool<Driver>::end_answer(std::uint32_t id, bool more_input, TimePoint now) {
    Connection& connection = connections_[id];
    const http::Response& response = connection.parser.response();
    const bool is_last = response.closes || exchanges_[slot(id, 0)].closes;
    if (more_input && (is_last || connection.in_flight == 1)) {
        // An answer with bytes behind it that belong to none was not framed right: it is not to be believed.
        lose(id, Failure::kProtocol, "bytes after the answer", now);
        return false;
    }
    const Exchange& exchange = exchanges_[slot(id, 0)];
    pop(id);
    connection.failures = 0;
    const bool will_close = response.closes; // the driver may use the answer up
    driver_.answered(exchange, response, now);
    if (is_last) {
        will_close ? close_by_server(id, now) : close_first(id, now);
        return false;
    }
    connection.parser.start(false);
    return true;
}

template <PoolDriver Driver>
void Pool<Driver>::pop(std::uint32_t id) noexcept {
    Connection& connection = connections_[id];
    unanswered_.remove(exchange_links_, slot(id, 0));
    connection.first = connection.first + 1 < options_.pipeline ? connection.first + 1 : 0;
    --connection.in_flight;
    --in_flight_;
}

/// The server said that it closes: it shall do so first, so that TIME_WAIT is its own.
template <PoolDriver Driver>
void Pool<Driver>::close_by_server(std::uint32_t id, TimePoint now) {
    fail_rest(id, "the answer before it closed the connection", now);
    enter(id, State::kClosing, now);
}

/// The server was told to close and does not say that it will, or has not in time: to wait for it would stall
/// a connection that has nothing to come. The port stays ours in TIME_WAIT; sources_ has others.
template <PoolDriver Driver>
void Pool<Driver>::close_first(std::uint32_t id, TimePoint now) {
    fail_rest(id, "the answer before it was the last", now);
    connections_[id].channel.close();
    enter(id, State::kClosed, now);
    ++closed_first_;
    reopen(id, now);
}

/// The peer has closed.
template <PoolDriver Driver>
void Pool<Driver>::end_input(std::uint32_t id, TimePoint now) {
    Connection& connection = connections_[id];
    if (connection.in_flight > 0 && connection.parser.finish() && !end_answer(id, false, now)) {
        connection.channel.close();
        enter(id, State::kClosed, now);
        return reopen(id, now);
    }
    lose(id, Failure::kReset, "closed by the server before the answer was whole", now);
}

/// The connection is gone, and with it all that it had in flight: timed out is what waited for the timeout,
/// the others must not stand in the latency at an age that flatters.
template <PoolDriver Driver>
void Pool<Driver>::fail_rest(std::uint32_t id, std::string_view why, TimePoint now) {
    while (connections_[id].in_flight > 0) {
        const Exchange exchange = exchanges_[slot(id, 0)];
        pop(id);
        const bool is_overdue = exchange.send + options_.timeout <= now;
        driver_.failed(exchange, is_overdue ? Failure::kTimeout : Failure::kReset, now, why);
    }
}

} // namespace kvduel::load
