#pragma once

// Members of Pool (pool.hpp): a turn of its loop, what it waits for and what has taken too long.

#include "harness/load/pool.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace kvduel::load {

template <PoolDriver Driver>
typename Pool<Driver>::Turn Pool<Driver>::turn(TimePoint now, TimePoint wake) {
    if (sweeps()) return sweep();
    const bool has_read = read_rest();
    event_count_ = await_events(now, has_read ? now : wake); // having worked it only looks: sleep is not work
    Turn turn{.began = has_read ? now : OwnClock::now(), .did_work = event_count_ > 0 || has_read};
    turn.did_work |= send_due();
    for (int i = 0; i < event_count_; ++i) {
        const epoll_event& event = events_[static_cast<std::size_t>(i)];
        if (event.events != 0) handle(event.data.u32, event.events);
        send_due();
    }
    turn.ended = OwnClock::now();
    expire(turn.ended);
    if (!is_running_) open_all(turn.ended);
    return turn;
}

/// Asks every connection once for what has come, and epoll for handshakes if there are any. It never sleeps:
/// a client that is awake costs the server no wake-up, as a remote one would not.
template <PoolDriver Driver>
typename Pool<Driver>::Turn Pool<Driver>::sweep() {
    Turn turn{.began = OwnClock::now()};
    turn.did_work = read_rest();
    if (handshakes_ > 0) {
        event_count_ = wait_.wait(epoll_.get(), events_, Duration::zero());
        turn.did_work |= event_count_ > 0;
        for (int i = 0; i < event_count_; ++i)
            handle(events_[static_cast<std::size_t>(i)].data.u32,
                   events_[static_cast<std::size_t>(i)].events);
    }
    TimePoint asked_at = OwnClock::now();
    for (std::uint32_t id = 0; id < options_.connections; ++id) {
        Connection& connection = connections_[id];
        if (connection.state != State::kOpen && connection.state != State::kClosing) continue;
        if (!connection.channel.flush()) {
            lose(id, Failure::kReset, "connection lost while sending", OwnClock::now());
            turn.did_work = true;
            continue;
        }
        const std::uint64_t heard = heard_;
        receive(id);
        const bool is_silent = heard_ == heard;
        const TimePoint now = is_silent ? silent_at_ : OwnClock::now();
        if (is_silent) turn.idle += now - asked_at;
        turn.did_work |= !is_silent;
        asked_at = now;
    }
    turn.ended = OwnClock::now();
    expire(turn.ended);
    return turn;
}

/// Sleeps until something happens or is to be done. A request that is due soon, and can leave, is awaited
/// awake if that is allowed.
template <PoolDriver Driver>
int Pool<Driver>::await_events(TimePoint now, TimePoint wake) {
    TimePoint until = std::min({wake, next_expiry(), now + kMaxSleep});
    if (is_running_ && !is_paused_ && !available_.empty()) {
        const TimePoint due = options_.schedule->next_due();
        until = std::min(until, options_.may_spin && due != TimePoint::max() ? due - kSpin : due);
    }
    return wait_.wait(epoll_.get(), events_, until - now);
}

/// Reads on where the last turn left input. False if it left none. Before the wait, as what it closes must
/// not be among the events of this turn.
template <PoolDriver Driver>
bool Pool<Driver>::read_rest() {
    if (unread_.empty()) return false;
    std::swap(unread_now_, unread_);
    for (const std::uint32_t id : unread_now_)
        if (std::exchange(connections_[id].is_unread, false)) receive(id);
    unread_now_.clear();
    return true;
}

template <PoolDriver Driver>
void Pool<Driver>::handle(std::uint32_t id, std::uint32_t events) {
    Connection& connection = connections_[id];
    if (connection.state == State::kConnecting) {
        end_handshake(id, connection.channel.finish_open(), OwnClock::now());
        if ((events & EPOLLIN) == 0 && connection.state == State::kOpen) return fill(id, connection.free_at);
    } else if ((events & EPOLLOUT) != 0 && !connection.channel.flush()) {
        lose(id, Failure::kReset, "connection lost while sending", OwnClock::now());
    }
    if (connection.state != State::kOpen && connection.state != State::kClosing) return;
    constexpr std::uint32_t kNoMoreInput = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
    connection.has_peer_closed |= (events & kNoMoreInput) != 0;
    if ((events & (EPOLLIN | kNoMoreInput)) != 0) return receive(id);
    fill(id, OwnClock::now()); // what held it up may have left
}

template <PoolDriver Driver>
void Pool<Driver>::expire(TimePoint now) {
    while (!unanswered_.empty() && exchanges_[unanswered_.front()].send + options_.timeout <= now)
        lose(unanswered_.front() / options_.pipeline, Failure::kTimeout, "no whole answer in time", now);
    while (!connecting_.empty() && connections_[connecting_.front()].since + options_.timeout <= now)
        end_handshake(connecting_.front(), ETIMEDOUT, now);
    while (!closing_.empty() && connections_[closing_.front()].since + kCloseGrace <= now)
        close_first(closing_.front(), now);
    for (std::uint32_t level = 0; level < kPauses; ++level)
        while (!pausing_[level].empty() &&
               connections_[pausing_[level].front()].since + pause(level) <= now) {
            const std::uint32_t id = pausing_[level].front();
            if (driver_.is_sending(now))
                connect(id, now);
            else
                enter(id, State::kClosed, now);
        }
}

template <PoolDriver Driver>
TimePoint Pool<Driver>::next_expiry() const noexcept {
    TimePoint next = TimePoint::max();
    if (!unanswered_.empty()) next = exchanges_[unanswered_.front()].send + options_.timeout;
    if (!connecting_.empty())
        next = std::min(next, connections_[connecting_.front()].since + options_.timeout);
    if (!closing_.empty()) next = std::min(next, connections_[closing_.front()].since + kCloseGrace);
    for (std::uint32_t level = 0; level < kPauses; ++level)
        if (!pausing_[level].empty())
            next = std::min(next, connections_[pausing_[level].front()].since + pause(level));
    return next;
}

} // namespace kvduel::load
