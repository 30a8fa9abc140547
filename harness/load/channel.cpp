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
constexpr std::uint32_t kAllEvents = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

// glibc's send and recv are points of cancellation: in a program with threads each costs two locked
// instructions more (docs/decisions/0009).

ssize_t send_bytes(int fd, std::string_view bytes) noexcept {
    return ::syscall(SYS_sendto, fd, bytes.data(), bytes.size(), MSG_NOSIGNAL, nullptr, 0);
}

ssize_t receive_bytes(int fd, std::span<char> buffer) noexcept {
    return ::syscall(SYS_recvfrom, fd, buffer.data(), buffer.size(), MSG_DONTWAIT, nullptr, nullptr);
}

/// 0, or errno: a source that is not to be had must not pass unseen.
int prepare(int fd, const ChannelOptions& options) noexcept {
    const auto set = [fd](int level, int name, int value) {
        if (value > 0) ::setsockopt(fd, level, name, &value, sizeof value);
    };
    set(SOL_SOCKET, SO_RCVBUF, options.receive_bytes);
    set(IPPROTO_TCP, TCP_MAXSEG, options.segment_bytes);
    if (!options.source) return 0;
    set(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1); // connect() finds a port, by the pair of both ends
    const auto* source = reinterpret_cast<const sockaddr*>(&*options.source);
    return ::bind(fd, source, sizeof *options.source) == 0 ? 0 : errno;
}

} // namespace

int Channel::open(const Address& address, int epoll, std::uint32_t tag, const ChannelOptions& options) {
    const auto* where = reinterpret_cast<const sockaddr*>(&address.bytes);
    UniqueFd fd(::socket(where->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd) return errno;
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // Whatever this machine prefers: BBR, for one, costs more and paces what is sent. Without it we go on.
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_CONGESTION, kCongestionControl.data(), kCongestionControl.size());
    if (const int error = prepare(fd.get(), options); error != 0) return error;
    if (::connect(fd.get(), where, address.size) != 0 && errno != EINPROGRESS) return errno;
    epoll_event event{.events = kAllEvents, .data = {.u32 = tag}};
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

void Channel::announce_again(int epoll, std::uint32_t tag) noexcept {
    epoll_event event{.events = kAllEvents, .data = {.u32 = tag}};
    ::epoll_ctl(epoll, EPOLL_CTL_MOD, fd_.get(), &event);
}

void Channel::leave(int epoll) noexcept {
    ::epoll_ctl(epoll, EPOLL_CTL_DEL, fd_.get(), nullptr);
}

void Channel::end_output() noexcept {
    ::shutdown(fd_.get(), SHUT_WR);
}

void Channel::set_receive_bytes(int bytes) noexcept {
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
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
