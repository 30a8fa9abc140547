#include "harness/load/channel.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace kvduel::load {

namespace {

constexpr std::string_view kCongestionControl = "reno";

// glibc's send and recv are points of cancellation: in a program with threads each costs two locked
// instructions more (docs/decisions/0009).

ssize_t send_bytes(int fd, std::string_view bytes) noexcept {
    return ::syscall(SYS_sendto, fd, bytes.data(), bytes.size(), MSG_NOSIGNAL, nullptr, 0);
}

ssize_t receive_bytes(int fd, std::span<char> buffer) noexcept {
    return ::syscall(SYS_recvfrom, fd, buffer.data(), buffer.size(), MSG_DONTWAIT, nullptr, nullptr);
}

} // namespace

int Channel::open(const Address& address, int epoll, std::uint32_t tag) {
    const auto* where = reinterpret_cast<const sockaddr*>(&address.bytes);
    UniqueFd fd(::socket(where->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd) return errno;
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // Whatever this machine prefers: BBR, for one, costs more and paces what is sent. Without it we go on.
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_CONGESTION, kCongestionControl.data(), kCongestionControl.size());
    if (::connect(fd.get(), where, address.size) != 0 && errno != EINPROGRESS) return errno;
    epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.u32 = tag}};
    if (::epoll_ctl(epoll, EPOLL_CTL_ADD, fd.get(), &event) != 0) return errno;
    fd_ = std::move(fd);
    return 0;
}

int Channel::finish_open() const noexcept {
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
    return error;
}

bool Channel::send(std::string_view bytes) {
    if (!is_blocked_ && !push(bytes)) return false;
    if (!bytes.empty()) kept_.append(bytes);
    return true;
}

bool Channel::flush() {
    if (!is_blocked_) return true;
    std::string_view rest = std::string_view(kept_).substr(kept_sent_);
    if (!push(rest)) return false;
    kept_sent_ = kept_.size() - rest.size();
    // A peer that always has more to come must not let what is sent pile up. Halves: each byte moves once.
    if (kept_sent_ < kept_.size() - kept_sent_) return true;
    kept_.erase(0, kept_sent_);
    kept_sent_ = 0;
    return true;
}

/// Sends until nothing is left or the kernel takes no more: only then does it tell of new room.
bool Channel::push(std::string_view& bytes) noexcept {
    is_blocked_ = false;
    while (!bytes.empty()) {
        const ssize_t sent = send_bytes(fd_.get(), bytes);
        if (sent < 0) {
            is_blocked_ = errno == EAGAIN || errno == EWOULDBLOCK;
            return is_blocked_;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

ssize_t Channel::receive(std::span<char> buffer) const noexcept {
    return receive_bytes(fd_.get(), buffer);
}

void Channel::close() noexcept {
    fd_.reset(); // leaves the epoll with it: the descriptor is never shared
    kept_.clear();
    kept_sent_ = 0;
    is_blocked_ = false;
}

} // namespace kvduel::load
