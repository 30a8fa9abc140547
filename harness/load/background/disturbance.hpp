#pragma once

#include "core/http/response_parser.hpp"
#include "core/support/unique_fd.hpp"
#include "harness/load/channel.hpp"
#include "harness/load/event_wait.hpp"
#include "harness/load/index_list.hpp"
#include "harness/load/plan.hpp"
#include "harness/load/result.hpp"
#include "harness/load/source_addresses.hpp"

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::load {

/// The connections of one background and their loop: opens them, reads their answers, keeps their times and
/// their books. What they send, and when, is for the derived class. Work a turn is bounded, so that no kind
/// keeps the thread from the others. Used by one thread, within which it is made and destroyed.
///
/// All memory is taken at the start, but for cut answers (bounded by ResponseLimits, bodies are not kept) and
/// for what the kernel did not take of a request, which is at most the largest request.
class Disturbance {
public:
    static constexpr std::uint32_t kHandshakes = 128; ///< at a time
    static constexpr Duration kCloseGrace = std::chrono::seconds(1);
    static constexpr Duration kPause = std::chrono::milliseconds(100); ///< after a handshake that failed
    static constexpr int kEvents = 256;                                ///< a turn
    static constexpr int kDuePerTurn = 256;                            ///< of each state
    static constexpr int kReadsPerEvent = 16;

    Disturbance(const Plan& plan, const Address& address, const Background& background,
                std::uint64_t first_port);
    virtual ~Disturbance() = default;
    Disturbance(const Disturbance&) = delete;
    Disturbance& operator=(const Disturbance&) = delete;

    /// False with errno. `epoll()` is readable when a turn has something to do, apart from what is due.
    bool start_epoll();
    int epoll() const noexcept { return epoll_.get(); }

    /// Before the warm-up: begins to open all; turn() until is_opening() is false.
    void open_all(TimePoint now);
    bool is_opening() const noexcept { return next_to_open_ < connections_.size() || unsettled_ > 0; }

    /// From now on the connections do their work, and lost ones are opened again if the kind does so.
    void start(TimePoint now, TimePoint w0, TimePoint w1);
    /// Nothing new begins; answers that are owed are read as fast as they come, until is_settled().
    virtual void finish();
    bool is_settled() const noexcept { return owed_ == 0; }

    void turn(TimePoint now);
    TimePoint next_due() const noexcept;

    void add_cpu_time(Duration used, TimePoint now) noexcept {
        if (is_in_window(now)) cpu_ += used;
    }
    BackgroundResult close();

protected:
    enum class State : std::uint8_t {
        kClosed,
        kConnecting, ///< for the timeout at the most
        kResting,    ///< open, nothing to do
        kPaced,      ///< open, act() after a period
        kAwaiting,   ///< open, given up if its answers do not come within the timeout
        kClosing,    ///< the server said that it closes
        kPausing,    ///< opened again after kPause
    };
    struct Connection {
        explicit Connection(const http::ResponseLimits& limits) : parser(limits) {}
        Channel channel{};
        http::ResponseParser parser;
        State state = State::kClosed;
        bool is_held = false;
        bool is_settled = false;  ///< its first opening has come to its end
        std::uint32_t owed = 0;   ///< requests begun and not answered
        std::uint32_t round = 0;  ///< requests, or batches of them, begun on any socket of this place
        std::size_t progress = 0; ///< bytes of the request that have left (slow senders)
        TimePoint since{};        ///< it entered its state
    };

    /// It is open. Before start() it may be put to the proof, else it rests; after that it is to work.
    virtual void opened(std::uint32_t id, TimePoint now) = 0;
    /// All that it owed is answered, and it stays open.
    virtual void served(std::uint32_t id, TimePoint now) = 0;
    /// A period has passed (kPaced).
    virtual void act(std::uint32_t id, TimePoint now) = 0;
    virtual bool is_reopened() const noexcept { return true; }
    /// Input is read as it comes.
    virtual bool reads_at_once() const noexcept { return true; }

    void enter(std::uint32_t id, State state, TimePoint now) noexcept;
    /// Sends `bytes`, the beginning of `begun` requests. The connection may be lost by it.
    void send(std::uint32_t id, std::string_view bytes, std::uint32_t begun, TimePoint now);
    /// Reads once, at most `most` bytes. False if there is no more, or the connection is lost.
    bool receive(std::uint32_t id, std::size_t most, TimePoint now);
    /// It says no more: the server is to close, but we closed first and keep the port.
    void end_output(std::uint32_t id) noexcept {
        connections_[id].channel.end_output();
        ++ports_;
    }
    void hold(std::uint32_t id, bool is_held, TimePoint now) noexcept;
    void settle(std::uint32_t id) noexcept;
    /// Closes it, if it is not closed; it is opened again if the kind does so and it is not yet over.
    void drop(std::uint32_t id, TimePoint now);
    std::string get_request(std::uint64_t key) const;

    bool has_started() const noexcept { return has_started_; }
    bool is_finishing() const noexcept { return is_finishing_; }
    const Plan& plan() const noexcept { return plan_; }
    const Address& address() const noexcept { return address_; }
    std::vector<Connection>& connections() noexcept { return connections_; }

    ChannelOptions channel_options_;
    Duration period_ = Duration::max();

private:
    static constexpr std::size_t kStates = 7;
    static constexpr std::size_t kInputBytes = 65'536;

    bool is_in_window(TimePoint t) const noexcept { return has_started_ && t >= w0_ && t < w1_; }
    Duration patience(State state) const noexcept;
    void connect(std::uint32_t id, TimePoint now);
    void end_handshake(std::uint32_t id, int error, TimePoint now);
    void handle(std::uint32_t id, std::uint32_t events, TimePoint now);
    void read_all(std::uint32_t id, TimePoint now);
    void parse(std::uint32_t id, std::string_view input, TimePoint now);
    void count_answer(std::uint32_t id, TimePoint now);
    void end_input(std::uint32_t id, TimePoint now);
    void lose(std::uint32_t id, std::uint64_t& counter, std::string_view why, TimePoint now);
    void expire(std::uint32_t id, TimePoint now);
    void note(std::string_view why);

    const Plan& plan_;
    Address address_;
    SourceAddresses sources_;
    std::uint64_t ports_; ///< taken: by our connections, and by those we closed first
    UniqueFd epoll_;
    std::vector<Connection> connections_;
    std::vector<IndexList::Links> links_;
    std::array<IndexList, kStates> waiting_;
    std::vector<char> input_;
    std::array<epoll_event, kEvents> events_;
    EventWait look_;
    std::uint32_t next_to_open_ = 0;
    std::uint32_t unsettled_ = 0; ///< begun to open, not proven and not failed
    std::uint64_t owed_ = 0;
    unsigned held_ = 0;
    TimePoint w0_ = TimePoint::max();
    TimePoint w1_ = TimePoint::max();
    bool has_started_ = false;
    bool is_finishing_ = false;
    bool was_window_seen_ = false;
    Duration cpu_{};
    BackgroundResult result_;
};

} // namespace kvduel::load
