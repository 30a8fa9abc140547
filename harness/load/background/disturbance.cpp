#include "harness/load/background/disturbance.hpp"

#include "core/http/request_writer.hpp"
#include "harness/workload/keys.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace kvduel::load {

namespace {

constexpr std::uint8_t kFirstSource = 1; ///< the measured connections have 0

} // namespace

Disturbance::Disturbance(const Plan& plan, const Address& address, const Background& background,
                         std::uint64_t first_port)
    : plan_(plan), address_(address), sources_(address, kFirstSource), ports_(first_port),
      links_(background.connections), input_(kInputBytes) {
    result_.background = background;
    const http::ResponseLimits limits{.max_body_bytes = kMaxAnswerBytes, .kept_body_bytes = 0};
    connections_.reserve(background.connections);
    for (unsigned i = 0; i < background.connections; ++i) connections_.emplace_back(limits);
}

bool Disturbance::start_epoll() {
    epoll_.reset(::epoll_create1(EPOLL_CLOEXEC));
    return static_cast<bool>(epoll_);
}

void Disturbance::open_all(TimePoint now) {
    while (next_to_open_ < connections_.size() && unsettled_ < kHandshakes) {
        ++unsettled_;
        connect(next_to_open_++, now);
    }
}

void Disturbance::start(TimePoint now, TimePoint w0, TimePoint w1) {
    w0_ = w0;
    w1_ = w1;
    has_started_ = true;
    const auto size = static_cast<std::uint32_t>(connections_.size());
    for (std::uint32_t id = 0; id < size; ++id) {
        if (connections_[id].state == State::kClosed && is_reopened())
            enter(id, State::kPausing, now);
        else if (connections_[id].state == State::kResting)
            opened(id, period_ == Duration::max() ? now : now + period_ * id / size); // not all at once
    }
}

void Disturbance::finish() {
    is_finishing_ = true;
}

Duration Disturbance::patience(State state) const noexcept {
    switch (state) {
    case State::kConnecting:
    case State::kAwaiting: return plan_.timeout;
    case State::kPaced: return period_;
    case State::kClosing: return kCloseGrace;
    case State::kPausing: return kPause;
    default: return Duration::max();
    }
}

TimePoint Disturbance::next_due() const noexcept {
    TimePoint next = TimePoint::max();
    for (const State state :
         {State::kConnecting, State::kPaced, State::kAwaiting, State::kClosing, State::kPausing}) {
        const IndexList& list = waiting_[static_cast<std::size_t>(state)];
        if (!list.empty()) next = std::min(next, connections_[list.front()].since + patience(state));
    }
    return next;
}

void Disturbance::turn(TimePoint now) {
    const int count = look_.wait(epoll_.get(), events_, Duration::zero());
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events_[static_cast<std::size_t>(i)];
        handle(event.data.u32, event.events, now);
    }
    for (const State state :
         {State::kConnecting, State::kPaced, State::kAwaiting, State::kClosing, State::kPausing}) {
        const IndexList& list = waiting_[static_cast<std::size_t>(state)];
        for (int i = 0; i < kDuePerTurn && !list.empty(); ++i) {
            if (connections_[list.front()].since + patience(state) > now) break;
            expire(list.front(), now);
        }
    }
    if (!has_started_) open_all(now);
}

/// Its time in its state is over. Each way leads out of the state, or to its list's end.
void Disturbance::expire(std::uint32_t id, TimePoint now) {
    switch (connections_[id].state) {
    case State::kConnecting: return end_handshake(id, ETIMEDOUT, now);
    case State::kPaced:
        enter(id, is_finishing_ ? State::kResting : State::kPaced, now);
        return is_finishing_ ? void() : act(id, now);
    case State::kAwaiting: ++ports_; return lose(id, result_.timeouts, "no whole answer in time", now);
    case State::kClosing: ++ports_; return drop(id, now);
    case State::kPausing: return is_finishing_ ? enter(id, State::kClosed, now) : connect(id, now);
    default: return;
    }
}

void Disturbance::enter(std::uint32_t id, State state, TimePoint now) noexcept {
    Connection& connection = connections_[id];
    const auto has_list = [this](State of) { return patience(of) != Duration::max(); };
    if (has_list(connection.state)) waiting_[static_cast<std::size_t>(connection.state)].remove(links_, id);
    connection.state = state;
    connection.since = now;
    if (has_list(state)) waiting_[static_cast<std::size_t>(state)].push_back(links_, id);
}

void Disturbance::connect(std::uint32_t id, TimePoint now) {
    enter(id, State::kConnecting, now);
    channel_options_.source = sources_.at(ports_ + id);
    if (const int error = connections_[id].channel.open(address_, epoll_.get(), id, channel_options_);
        error != 0)
        end_handshake(id, error, now);
}

void Disturbance::end_handshake(std::uint32_t id, int error, TimePoint now) {
    Connection& connection = connections_[id];
    if (error == 0) {
        ++result_.opened;
        connection.parser.start(false);
        enter(id, State::kResting, now);
        return opened(id, now);
    }
    connection.channel.close();
    ++result_.connect_errors;
    const char* ports = error == EADDRNOTAVAIL ? " (no local port is left: fewer connections, or wait)" : "";
    note(std::string(std::strerror(error)) + ports);
    hold(id, false, now);
    enter(id, has_started_ && is_reopened() && !is_finishing_ ? State::kPausing : State::kClosed, now);
    settle(id);
}

void Disturbance::settle(std::uint32_t id) noexcept {
    if (connections_[id].is_settled) return;
    connections_[id].is_settled = true;
    --unsettled_;
}

/// The fewest are those held when the window begins, or later in it.
void Disturbance::hold(std::uint32_t id, bool is_held, TimePoint now) noexcept {
    Connection& connection = connections_[id];
    if (connection.is_held == is_held) return;
    if (now >= w0_ && !was_window_seen_) {
        was_window_seen_ = true;
        result_.held_min = held_;
    }
    connection.is_held = is_held;
    is_held ? ++held_ : --held_;
    if (is_in_window(now)) result_.held_min = std::min(result_.held_min, held_);
}

void Disturbance::note(std::string_view why) {
    if (result_.first_error.empty()) result_.first_error = why;
}

std::string Disturbance::get_request(std::uint64_t key) const {
    const workload::KeyText text = workload::key_text(key % std::max<std::uint64_t>(plan_.workload.keys, 1));
    const std::string target = plan_.workload.path.value_or("/" + std::string(text.begin(), text.end()));
    return http::write_request_head(
        {.method = "GET", .target = target, .host = address_.text, .content_length = {}, .closes = false});
}

BackgroundResult Disturbance::close() {
    if (!was_window_seen_) result_.held_min = held_;
    result_.cpu_s = std::chrono::duration<double>(cpu_).count();
    for (Connection& connection : connections_) connection.channel.close();
    return std::move(result_);
}

} // namespace kvduel::load
