#include "harness/load/channel.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>

namespace kvduel::load {

int Channel::open(const Address& address, int epoll, std::uint32_t tag) {
    const auto* where = reinterpret_cast<const sockaddr*>(&address.bytes);
    UniqueFd fd(::socket(where->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd) return errno;
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(fd.get(), where, address.size) != 0 && errno != EINPROGRESS) return errno;
    epoll_event event{.events = EPOLLOUT, .data = {.u32 = tag}};
    if (::epoll_ctl(epoll, EPOLL_CTL_ADD, fd.get(), &event) != 0) return errno;
    fd_ = std::move(fd);
    epoll_ = epoll;
    tag_ = tag;
    return 0;
}

int Channel::finish_open() {
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
    if (error != 0) return error;
    return watch(EPOLLIN) ? 0 : errno;
}

bool Channel::send(std::string_view bytes) {
    if (!is_blocked_) {
        const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return false;
        bytes.remove_prefix(sent < 0 ? 0 : static_cast<std::size_t>(sent));
        if (bytes.empty()) return true;
        is_blocked_ = true;
        if (!watch(EPOLLIN | EPOLLOUT)) return false;
    }
    kept_.append(bytes);
    return true;
}

bool Channel::flush() {
    if (!is_blocked_) return true;
    const ssize_t sent =
        ::send(fd_.get(), kept_.data() + kept_sent_, kept_.size() - kept_sent_, MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    kept_sent_ += static_cast<std::size_t>(sent);
    if (kept_sent_ < kept_.size()) return true;
    kept_.clear();
    kept_sent_ = 0;
    is_blocked_ = false;
    return watch(EPOLLIN);
}

ssize_t Channel::receive(std::span<char> buffer) const noexcept {
    return ::recv(fd_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
}

void Channel::close() noexcept {
    fd_.reset(); // leaves the epoll with it: the descriptor is never shared
    kept_.clear();
    kept_sent_ = 0;
    is_blocked_ = false;
}

bool Channel::watch(std::uint32_t events) noexcept {
    epoll_event event{.events = events, .data = {.u32 = tag_}};
    return ::epoll_ctl(epoll_, EPOLL_CTL_MOD, fd_.get(), &event) == 0;
}

} // namespace kvduel::load
