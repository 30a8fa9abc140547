#include "harness/load/background/disturbance.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

// Members of Disturbance: what happens on an open connection.

namespace kvduel::load {

namespace {

constexpr int kServiceUnavailable = 503;

} // namespace

void Disturbance::handle(std::uint32_t id, std::uint32_t events, TimePoint now) {
    Connection& connection = connections_[id];
    if (connection.state == State::kConnecting) {
        end_handshake(id, connection.channel.finish_open(), now);
    } else if ((events & EPOLLOUT) != 0 && connection.channel.is_open() && !connection.channel.flush()) {
        return lose(id, result_.resets, "connection lost while sending", now);
    }
    constexpr std::uint32_t kInput = EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR;
    const bool is_read = connection.channel.is_open() && connection.state != State::kConnecting;
    if (is_read && (events & kInput) != 0 && (reads_at_once() || is_finishing_)) read_all(id, now);
}

/// Until there is no more, or others shall have their turn: then epoll is asked to tell of the rest again.
void Disturbance::read_all(std::uint32_t id, TimePoint now) {
    for (int i = 0; i < kReadsPerEvent; ++i)
        if (!receive(id, input_.size(), now)) return;
    connections_[id].channel.announce_again(epoll_.get(), id);
}

bool Disturbance::receive(std::uint32_t id, std::size_t most, TimePoint now) {
    Connection& connection = connections_[id];
    const std::span<char> space = std::span(input_).first(std::min(most, input_.size()));
    const ssize_t count = connection.channel.receive(space);
    if (count < 0) {
        if (errno == EINTR) return true;
        if (errno != EAGAIN && errno != EWOULDBLOCK) lose(id, result_.resets, std::strerror(errno), now);
        return false;
    }
    if (count == 0) {
        end_input(id, now);
        return false;
    }
    const auto bytes = static_cast<std::size_t>(count);
    if (is_in_window(now)) result_.bytes_received += bytes;
    parse(id, {space.data(), bytes}, now);
    return connection.channel.is_open() && connection.state != State::kConnecting;
}

void Disturbance::parse(std::uint32_t id, std::string_view input, TimePoint now) {
    Connection& connection = connections_[id];
    if (connection.state == State::kClosing) return; // what comes after the last answer is nobody's
    bool has_answers = false;
    while (!input.empty()) {
        if (connection.owed == 0)
            return lose(id, result_.protocol_errors, "bytes that nobody asked for", now);
        const auto parsed = connection.parser.parse(input);
        input.remove_prefix(parsed.consumed);
        if (parsed.state == http::ResponseParser::State::kNeedMore) break;
        if (parsed.state == http::ResponseParser::State::kFault)
            return lose(id, result_.protocol_errors, connection.parser.fault(), now);
        count_answer(id, now);
        has_answers = true;
        if (connection.parser.response().closes) return enter(id, State::kClosing, now);
        connection.parser.start(false);
    }
    if (has_answers && connection.owed == 0) served(id, now);
}

void Disturbance::count_answer(std::uint32_t id, TimePoint now) {
    const http::Response& response = connections_[id].parser.response();
    --connections_[id].owed;
    --owed_;
    if (response.status != kServiceUnavailable || !response.closes) ++result_.completed_all_phases;
    if (is_in_window(now)) ++result_.answers[response.status];
}

void Disturbance::send(std::uint32_t id, std::string_view bytes, std::uint32_t begun, TimePoint now) {
    connections_[id].owed += begun;
    owed_ += begun;
    result_.sent_all_phases += begun;
    if (is_in_window(now)) {
        result_.requests_sent += begun;
        result_.bytes_sent += bytes.size();
    }
    if (!connections_[id].channel.send(bytes)) lose(id, result_.resets, "connection lost while sending", now);
}

void Disturbance::end_input(std::uint32_t id, TimePoint now) {
    Connection& connection = connections_[id];
    ++result_.closed_by_server;
    if (connection.owed > 0 && connection.parser.finish()) count_answer(id, now);
    result_.dropped_all_phases += connection.owed;
    drop(id, now);
}

void Disturbance::lose(std::uint32_t id, std::uint64_t& counter, std::string_view why, TimePoint now) {
    ++counter;
    note(why);
    drop(id, now);
}

/// The connection has ended, with what it owed.
void Disturbance::drop(std::uint32_t id, TimePoint now) {
    Connection& connection = connections_[id];
    connection.channel.close();
    owed_ -= connection.owed;
    connection.owed = 0;
    settle(id);
    if (has_started_ && is_reopened() && !is_finishing_) return connect(id, now);
    hold(id, false, now);
    enter(id, State::kClosed, now);
}

} // namespace kvduel::load
