#include "servers/null/floor.hpp"

#include "core/support/unique_fd.hpp"
#include "servers/common/announce.hpp"
#include "servers/common/listener.hpp"
#include "servers/common/needed_fd.hpp"
#include "servers/common/process.hpp"
#include "servers/null/requests.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::servers::null {
namespace {

constexpr int kEvents = 128;
constexpr std::size_t kReadBytes = 64 * 1024;
constexpr int kReadsPerTurn = 16; // of one peer, so that a flood starves no other
constexpr std::uint32_t kNoMoreInput = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
constexpr std::uint32_t kPeerEvents = EPOLLIN | EPOLLRDHUP | EPOLLET;
constexpr std::size_t kMaxBatchBytes = 256 * 1024; // of answers that are sent together

// 64 bytes of body, as the smallest workload has.
constexpr std::string_view kFirstValue = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

std::string make_answer(std::string_view value) {
    std::string answer = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: ";
    answer.append(std::to_string(value.size())).append("\r\n\r\n").append(value);
    return answer;
}

class Floor {
public:
    Floor(Listener listener, UniqueFd signals)
        : listener_(std::move(listener)), signals_(std::move(signals)),
          epoll_(needed_fd(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")) {
        set_value(kFirstValue);
        needed(control(EPOLL_CTL_ADD, listener_.fd.get(), EPOLLIN), "epoll_ctl");
        needed(control(EPOLL_CTL_ADD, signals_.get(), EPOLLIN), "epoll_ctl");
        asked_.reserve(kEvents);
    }

    void run() {
        std::array<epoll_event, kEvents> events;
        for (;;) {
            const int ready = ::epoll_wait(epoll_.get(), events.data(), kEvents, -1);
            for (int i = 0; i < ready; ++i) {
                const epoll_event& event = events[static_cast<std::size_t>(i)];
                const int fd = event.data.fd;
                if (fd == signals_.get()) return;
                if (fd == listener_.fd.get())
                    accept_all();
                else
                    read_requests(fd, (event.events & kNoMoreInput) != 0);
            }
            for (const Asked& asked : asked_) answer(asked);
            // None of these descriptors can be a new peer's yet: they are closed here alone.
            for (const int fd : finished_) peers_[static_cast<std::size_t>(fd)] = {};
            if (!is_listening_ && !finished_.empty()) listen(true);
            asked_.clear();
            finished_.clear();
        }
    }

private:
    struct Peer {
        UniqueFd fd;
        Requests requests;
    };
    struct Asked {
        int fd;
        std::size_t requests;
    };

    int control(int operation, int fd, std::uint32_t events) noexcept {
        epoll_event event{};
        event.events = events;
        event.data.fd = fd;
        return ::epoll_ctl(epoll_.get(), operation, fd, &event);
    }

    /// The listener would tell at once again of a peer for whom there is no descriptor.
    void listen(bool is_listening) noexcept {
        control(EPOLL_CTL_MOD, listener_.fd.get(), is_listening ? std::uint32_t{EPOLLIN} : 0U);
        is_listening_ = is_listening;
    }

    void accept_all() {
        for (;;) {
            Accepted accepted = accept_one(listener_.fd.get(), 0);
            if (accepted.status == AcceptStatus::kRetry) continue;
            if (accepted.status == AcceptStatus::kExhausted) listen(false);
            if (accepted.status != AcceptStatus::kAccepted) return;
            const int fd = accepted.fd.get();
            if (peers_.size() <= static_cast<std::size_t>(fd))
                peers_.resize(static_cast<std::size_t>(fd) + 1);
            peers_[static_cast<std::size_t>(fd)] = {std::move(accepted.fd), {}};
            // A peer that cannot be watched would wait for ever: it is let go.
            if (control(EPOLL_CTL_ADD, fd, kPeerEvents) != 0) peers_[static_cast<std::size_t>(fd)] = {};
        }
    }

    /// Until the kernel holds no more, or others shall have their turn: epoll tells of each arrival once.
    void read_requests(int fd, bool has_peer_closed) {
        for (int reads = 0; reads < kReadsPerTurn; ++reads) {
            const ssize_t received = ::recv(fd, input_.data(), input_.size(), MSG_DONTWAIT);
            if (received < 0 && errno == EINTR) continue;
            if (received < 0 && errno == EAGAIN) return;
            if (received <= 0) return finished_.push_back(fd);
            Requests& requests = peers_[static_cast<std::size_t>(fd)].requests;
            const auto count = requests.count({input_.data(), static_cast<std::size_t>(received)});
            if (!count) return finished_.push_back(fd);
            if (const auto value = requests.take_value()) set_value(*value);
            if (*count > 0) asked_.push_back({fd, *count});
            if (static_cast<std::size_t>(received) < input_.size() && !has_peer_closed) return;
        }
        if (control(EPOLL_CTL_MOD, fd, kPeerEvents) != 0)
            finished_.push_back(fd); // tells again of what is left
    }

    void answer(const Asked& asked) {
        for (std::size_t left = asked.requests; left > 0;) {
            const std::size_t batch = std::min(left, max_batch_);
            const std::size_t size = batch * answer_bytes_;
            while (answers_.size() < size) answers_.append(answers_, 0, answer_bytes_);
            // A peer that does not take its answers loses the connection: the floor holds no output.
            if (::send(asked.fd, answers_.data(), size, MSG_NOSIGNAL | MSG_DONTWAIT) !=
                static_cast<ssize_t>(size))
                return finished_.push_back(asked.fd);
            left -= batch;
        }
    }

    void set_value(std::string_view value) {
        answers_ = make_answer(value);
        answer_bytes_ = answers_.size();
        max_batch_ = std::max<std::size_t>(kMaxBatchBytes / answer_bytes_, 1);
    }

    Listener listener_;
    UniqueFd signals_;
    UniqueFd epoll_;
    bool is_listening_ = true; ///< not while descriptors are used up
    std::string answers_; ///< the answer, as often as one turn has needed it so far; at most max_batch_ times
    std::size_t answer_bytes_ = 0;
    std::size_t max_batch_ = 1;
    std::vector<Peer> peers_;   ///< by descriptor
    std::vector<Asked> asked_;  ///< requests read in this turn, not yet answered
    std::vector<int> finished_; ///< peers to be let go once the turn's requests are answered
    std::array<char, kReadBytes> input_;
};

} // namespace

Outcome serve_floor(const Address& address) {
    UniqueFd signals = block_stop_signals();
    Result<Listener> listener = make_listener(address);
    if (!listener) return listener.error();
    const Address bound = listener->address;
    Floor floor(std::move(*listener), std::move(signals));
    if (Outcome announced = announce(bound, address); !announced) return announced;
    floor.run();
    return ok();
}

} // namespace kvduel::servers::null
