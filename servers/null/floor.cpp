#include "servers/null/floor.hpp"

#include "core/support/unique_fd.hpp"
#include "servers/common/announce.hpp"
#include "servers/common/listener.hpp"
#include "servers/common/process.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace kvduel::servers::null {
namespace {

constexpr int kEvents = 128;
constexpr std::size_t kReadBytes = 64 * 1024;

// 64 bytes of body, as the smallest workload has.
constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\n"
                                     "Content-Type: application/octet-stream\r\n"
                                     "Content-Length: 64\r\n\r\n"
                                     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
constexpr std::size_t kMaxBatch = 256; // answers to one recv, sent together

/// The blank lines in `bytes`, which end heads. `matched` carries how much of CRLFCRLF the last call ended
/// in.
std::size_t count_heads(std::string_view bytes, std::uint8_t& matched) noexcept {
    std::size_t heads = 0;
    for (const char byte : bytes) {
        const bool wants_cr = matched % 2 == 0;
        if (byte == (wants_cr ? '\r' : '\n')) {
            if (++matched == 4) {
                ++heads;
                matched = 0;
            }
        } else {
            matched = byte == '\r' ? 1 : 0;
        }
    }
    return heads;
}

class Floor {
public:
    Floor(Listener listener, UniqueFd signals)
        : listener_(std::move(listener)), signals_(std::move(signals)),
          epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
        for (std::size_t i = 0; i < kMaxBatch; ++i) answers_ += kAnswer;
        watch(listener_.fd.get());
        watch(signals_.get());
    }

    void run() {
        std::array<epoll_event, kEvents> events;
        for (;;) {
            const int ready = ::epoll_wait(epoll_.get(), events.data(), kEvents, -1);
            for (int i = 0; i < ready; ++i) {
                const int fd = events[static_cast<std::size_t>(i)].data.fd;
                if (fd == signals_.get()) return;
                if (fd == listener_.fd.get()) {
                    accept_all();
                } else {
                    answer(fd);
                }
            }
        }
    }

private:
    void watch(int fd) noexcept {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = fd;
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
    }

    void accept_all() {
        for (;;) {
            Accepted accepted = accept_one(listener_.fd.get(), 0);
            if (accepted.status == AcceptStatus::kRetry) continue;
            if (accepted.status != AcceptStatus::kAccepted) return;
            const int fd = accepted.fd.get();
            peers_.insert_or_assign(fd, Peer{std::move(accepted.fd), 0});
            watch(fd);
        }
    }

    void answer(int fd) {
        Peer& peer = peers_.at(fd);
        const ssize_t received = ::recv(fd, input_.data(), input_.size(), MSG_DONTWAIT);
        if (received < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (received <= 0) {
            peers_.erase(fd);
            return;
        }
        std::size_t heads = count_heads({input_.data(), static_cast<std::size_t>(received)}, peer.matched);
        while (heads > 0) {
            const std::size_t batch = std::min(heads, kMaxBatch);
            const std::size_t size = batch * kAnswer.size();
            // A peer that does not take its answers loses the connection: the floor holds no output.
            if (::send(fd, answers_.data(), size, MSG_NOSIGNAL | MSG_DONTWAIT) !=
                static_cast<ssize_t>(size)) {
                peers_.erase(fd);
                return;
            }
            heads -= batch;
        }
    }

    struct Peer {
        UniqueFd fd;
        std::uint8_t matched;
    };

    Listener listener_;
    UniqueFd signals_;
    UniqueFd epoll_;
    std::string answers_;
    std::unordered_map<int, Peer> peers_;
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
