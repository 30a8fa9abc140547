#pragma once

#include "core/http/response_parser.hpp"
#include "core/support/error.hpp"
#include "harness/load/channel.hpp"
#include "harness/load/due_schedule.hpp"
#include "harness/load/event_wait.hpp"
#include "harness/load/exchange.hpp"
#include "harness/load/free_time.hpp"
#include "harness/load/index_list.hpp"
#include "harness/load/own_clock.hpp"
#include "harness/load/source_addresses.hpp"

#include <sys/epoll.h>

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <vector>

namespace kvduel::load {

struct PoolOptions {
    Address address;
    std::uint32_t connections = 1;
    std::uint32_t pipeline = 1;                ///< requests in flight per connection
    std::uint64_t requests_per_connection = 0; ///< 0: no limit; the last one asks the server to close
    Duration timeout{};                        ///< of a handshake, and of a request from its send
    http::ResponseLimits response_limits;
    /// Open loop: a request leaves when this says that it is due. Null: as soon as a connection can take it.
    const DueSchedule* schedule = nullptr;
    /// The CPU is this pool's alone. Open loop: the last kSpin before a request is due are polled away, not
    /// slept. Closed loop: see Pool::kMaxSwept.
    bool may_spin = false;
    std::uint32_t ports_per_source = SourceAddresses::kPortsPerSource; ///< this pool's share of them
};

/// What a pool asks and tells the one who decides what is sent and what an answer is worth. Called
/// statically: between recv and send nothing is virtual, locked or allocated.
template <typename T>
concept PoolDriver = requires(T driver, Exchange& exchange, const Exchange& done,
                              const http::Response& response, TimePoint time, char* out, std::string_view why,
                              Failure failure, std::size_t bytes) {
    { driver.is_sending(time) } -> std::same_as<bool>; ///< may requests still leave, and connections open?
    { driver.next(exchange, time) } -> std::same_as<bool>;    ///< draws a request; false: none now
    { driver.write(done, out) } -> std::same_as<std::size_t>; ///< at most max_request_bytes()
    { driver.max_request_bytes() } -> std::same_as<std::size_t>;
    {driver.sending(exchange, time, time,
                    true)}; ///< send is set; asked since, free since, found none when due
    {driver.answered(done, response, time)};
    {driver.failed(done, failure, time, why)};
    {driver.connection_opened()};
    {driver.connect_failed(std::optional<TimePoint>{}, time, why)}; ///< a request was due at, if one waited
    {driver.moved(bytes, bytes, time)};                             ///< bytes sent, bytes received
    {driver.disturbed(why)}; ///< a connection without request was lost badly
};

/// The connections of one load thread and its event loop: opens and reopens them, keeps each filled with
/// requests, reads the answers, ends what takes too long. Not thread-safe.
///
/// Edge-triggered epoll, one recv an event unless more came than one takes; after an answer the next request
/// leaves at once. All memory is taken at the start, but for the bytes of cut answers and of requests that
/// the kernel did not take; both are bounded.
///
/// A closed loop that may spin, and has few connections, does without epoll once they are open: it sweeps
/// them, one recv each (docs/decisions/0014). Then neither it nor the server pays for telling it of answers.
///
/// In an open loop the connections that can take a request stand in a queue, and each request that comes due
/// takes the one that has stood there longest; while there is none, requests wait in their schedule.
template <PoolDriver Driver>
class Pool {
public:
    static constexpr Duration kCloseGrace = std::chrono::seconds(1);     ///< for the server to close first
    static constexpr Duration kMaxSleep = std::chrono::milliseconds(50); ///< a stop is seen within it
    /// How long before a due time sleeping ends: sleeps end late by about 30 us, on a busy machine by 100.
    static constexpr Duration kSpin = std::chrono::microseconds(120);
    static constexpr std::uint32_t kHandshakes =
        128; ///< at a time in open_all: below the smallest usual backlog
    static constexpr std::uint32_t kMaxSwept = 256; ///< connections: to ask them all takes some 30 us

    Pool(const PoolOptions& options, Driver& driver);

    /// Takes the descriptors a pool needs before any connection: false with errno if there are none.
    bool start_epoll();

    /// Begins to open all connections and does not retry; turn() until is_opening() is false.
    void open_all(TimePoint now);
    bool is_opening() const noexcept { return handshakes_ > 0 || next_to_open_ < options_.connections; }
    std::uint32_t open_connections() const noexcept { return open_; }

    /// From now on every connection is filled, and reopened when it is lost.
    void run(TimePoint now);

    /// Until resume() answers are read, and nothing is sent.
    void pause() noexcept { is_paused_ = true; }
    void resume(TimePoint now);

    struct Turn {
        TimePoint began{}; ///< when the wait was over
        TimePoint ended{};
        bool did_work = false;
        Duration idle{}; ///< of a turn that did work: spent asking those that had nothing
    };
    /// Waits for events, from `now` until `wake` at the most, handles them, and fills the connections that
    /// they freed.
    Turn turn(TimePoint now, TimePoint wake);

    std::uint64_t in_flight() const noexcept { return in_flight_; }

    /// Nothing is to be sent any more, but for what is due and finds a connection free: gives up handshakes
    /// and pauses; `unsent(since)` for each request that waited for one.
    template <typename Unsent>
    void stop_sending(Unsent unsent);
    /// `left(exchange)` for each request that is still unanswered; closes everything.
    template <typename Left>
    void abandon(Left left);

private:
    enum class State : std::uint8_t { kClosed, kConnecting, kOpen, kClosing, kPausing };
    static constexpr std::uint32_t kPauses = 8; ///< 10, 20, .. 640, 1,000 ms
    static constexpr int kEvents = 256;
    static constexpr int kReadsPerTurn = 16; ///< of one connection, so that a flood on it starves no other

    struct Connection {
        Channel channel{};
        http::ResponseParser parser;
        State state = State::kClosed;
        std::uint32_t failures = 0; ///< since the last answer
        std::uint32_t first = 0;    ///< of its ring of exchanges
        std::uint32_t in_flight = 0;
        std::uint64_t begun = 0;                  ///< requests on this TCP connection
        TimePoint since{};                        ///< it entered its state
        std::optional<TimePoint> waiting_since{}; ///< a request waits for the handshake
        TimePoint free_at{};
        bool is_unread = false; ///< in unread_
        bool has_peer_closed = false;
        bool is_available = false; ///< it stands in available_ (open loop)
    };

    std::uint32_t slot(std::uint32_t id, std::uint32_t i) const noexcept {
        const std::uint32_t place = connections_[id].first + i;
        return id * options_.pipeline + (place < options_.pipeline ? place : place - options_.pipeline);
    }
    static Duration pause(std::uint32_t level) noexcept {
        return std::min<Duration>(std::chrono::milliseconds(10) * (1 << level),
                                  std::chrono::milliseconds(1'000));
    }
    void enter(std::uint32_t id, State state, TimePoint now) noexcept;
    IndexList* list_of(const Connection& connection) noexcept;
    void connect(std::uint32_t id, TimePoint now);
    void end_handshake(std::uint32_t id, int error, TimePoint now);
    void reopen(std::uint32_t id, TimePoint now);
    void fill(std::uint32_t id, TimePoint now);
    bool draw(std::uint32_t id, TimePoint now, std::size_t& bytes);
    void offer(std::uint32_t id, TimePoint now) noexcept;
    void stamp(Exchange& exchange, const Connection& connection, TimePoint now);
    bool send_due();
    void forget_events(std::uint32_t id) noexcept;
    int await_events(TimePoint now, TimePoint wake);
    bool sweeps() const noexcept { return is_swept_ && (in_flight_ > 0 || !closing_.empty()); }
    Turn sweep();
    bool can_take(const Connection& connection) const noexcept;
    bool dispatch(std::uint32_t id, std::uint32_t count, std::size_t bytes);
    void handle(std::uint32_t id, std::uint32_t events);
    void receive(std::uint32_t id);
    bool receive_once(std::uint32_t id);
    bool read_rest();
    bool read_answers(std::uint32_t id, std::string_view input, TimePoint now);
    bool end_answer(std::uint32_t id, bool more_input, TimePoint now);
    void end_input(std::uint32_t id, TimePoint now);
    void pop(std::uint32_t id) noexcept;
    void lose(std::uint32_t id, Failure first, std::string_view why, TimePoint now);
    void fail_rest(std::uint32_t id, std::string_view why, TimePoint now);
    void close_by_server(std::uint32_t id, TimePoint now);
    void close_first(std::uint32_t id, TimePoint now);
    void expire(TimePoint now);
    TimePoint next_expiry() const noexcept;

    PoolOptions options_;
    Driver& driver_;
    SourceAddresses sources_;
    std::uint64_t closed_first_ = 0; ///< connections, by us: each keeps its port in TIME_WAIT
    UniqueFd epoll_;
    std::vector<Connection> connections_;
    std::vector<Exchange> exchanges_; ///< a ring of `pipeline` per connection
    std::vector<IndexList::Links> connection_links_;
    std::vector<IndexList::Links> exchange_links_;
    IndexList unanswered_; ///< exchanges by send
    IndexList connecting_;
    IndexList closing_;
    std::array<IndexList, kPauses> pausing_;
    IndexList available_; ///< open loop: can take a request, by the time of the last
    FreeTime free_time_;  ///< when it was not empty
    std::vector<char> input_;
    std::vector<char> output_;
    EventWait wait_;
    std::array<epoll_event, kEvents> events_;
    std::vector<std::uint32_t> unread_;     ///< to be read on in the next turn
    std::vector<std::uint32_t> unread_now_; ///< those of the last turn
    int event_count_ = 0;                   ///< of this turn
    std::uint64_t heard_ = 0;               ///< receives that had something to tell
    TimePoint silent_at_{};                 ///< the last one that had nothing
    std::uint64_t in_flight_ = 0;
    std::uint32_t handshakes_ = 0;
    std::uint32_t open_ = 0;
    std::uint32_t next_to_open_ = 0;
    bool is_running_ = false;
    bool is_paused_ = false;
    bool is_swept_ = false; ///< open connections are asked; epoll knows of handshakes alone
};

} // namespace kvduel::load

#include "harness/load/pool_connections.hpp"
#include "harness/load/pool_exchanges.hpp"
#include "harness/load/pool_turns.hpp"
