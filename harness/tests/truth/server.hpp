#pragma once

#include "harness/tests/truth/answer.hpp"
#include "harness/tests/truth/journal.hpp"
#include "harness/tests/truth/peer.hpp"
#include "harness/tests/truth/schedule.hpp"

#include <cstdint>
#include <queue>
#include <unordered_map>
#include <vector>

namespace truth {

struct Options {
    Timing timing;
    Fault fault = Fault::kNone;
    std::uint64_t fault_every = 1;
    std::uint64_t clean =
        0; ///< this many first requests are answered right, at once and unrecorded (preload)
    std::string arrival_log; ///< empty: none
};

/// A server of known behaviour on one thread: every request is answered at its planned time, right or wrong
/// as planned, and written down. It reads while it stalls, so that arrivals are known to the moment.
class Server {
public:
    static constexpr std::size_t kMaxPeers = 8'192;     ///< one more is closed at once
    static constexpr std::size_t kMaxPending = 262'144; ///< answers in waiting; who asks for more is closed

    /// `listener` listens, `signals` is a signalfd: what it gives ends run().
    Server(const Options& options, Descriptor listener, Descriptor signals);

    void run();

    const Journal& journal() const noexcept { return journal_; }
    const Schedule& schedule() const noexcept { return schedule_; }

private:
    struct Pending {
        Nanoseconds at = 0;
        std::uint64_t sequence = 0;
        std::uint64_t peer = 0;
        std::size_t number = 0; ///< in the journal
        bool is_recorded = false;
        Answer answer;
    };
    struct Later {
        bool operator()(const Pending& a, const Pending& b) const noexcept {
            return a.at != b.at ? a.at > b.at : a.sequence > b.sequence;
        }
    };

    void watch(int fd, std::uint64_t id, bool output, bool is_new) const;
    /// Until the next answer is near, or something comes.
    void wait() const;
    bool handle_events();
    void accept_all();
    void handle_peer(std::uint64_t id, std::uint32_t events);
    /// False: the connection is over.
    bool read_requests(std::uint64_t id, Peer& peer, Nanoseconds now);
    Pending take(const Request& request, std::uint64_t id, Nanoseconds now);
    void send_due();
    /// Watches the peer for output, or forgets it if `is_over`.
    void settle(std::uint64_t id, Peer& peer, bool is_over);

    Options options_;
    Answerer answerer_;
    Schedule schedule_;
    Journal journal_;
    Descriptor listener_;
    Descriptor signals_;
    Descriptor epoll_;
    std::unordered_map<std::uint64_t, Peer> peers_;
    std::priority_queue<Pending, std::vector<Pending>, Later> pending_;
    std::uint64_t last_peer_ = 1; ///< ids below 2 are the listener and the signals
    std::uint64_t sequence_ = 0;
    std::uint64_t clean_left_ = 0;
};

} // namespace truth
