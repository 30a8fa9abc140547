#include "servers/common/listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace kvduel::servers {
namespace {

constexpr int kBacklog = 4'096; // the kernel lowers it to net.core.somaxconn

Error unavailable(const Address& address, const char* step, int error) {
    const bool is_taken = error == EADDRINUSE;
    return {ErrorKind::kUnavailable, address.text(), std::string(step) + ": " + std::strerror(error),
            is_taken ? "choose another port, or 0 for a free one"
                     : "choose an address of this machine that you may use"};
}

std::uint16_t bound_port(int fd) noexcept {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size);
    if (storage.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(storage).sin6_port);
    return ntohs(reinterpret_cast<const sockaddr_in&>(storage).sin_port);
}

} // namespace

Result<Listener> make_listener(const Address& address) {
    const int family = address.is_ipv6() ? AF_INET6 : AF_INET;
    UniqueFd fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd) return unavailable(address, "socket", errno);
    const int on = 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on,
                 sizeof on); // TIME_WAIT of an earlier run must not block
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const SocketAddress where = socket_address(address);
    if (::bind(fd.get(), where.get(), where.size) != 0) return unavailable(address, "bind", errno);
    if (::listen(fd.get(), kBacklog) != 0) return unavailable(address, "listen", errno);
    Address bound = address;
    bound.port = bound_port(fd.get());
    return Listener{std::move(fd), std::move(bound)};
}

Accepted accept_one(int listener, int flags) noexcept {
    const int fd = ::accept4(listener, nullptr, nullptr, flags | SOCK_CLOEXEC);
    if (fd >= 0) return {AcceptStatus::kAccepted, UniqueFd(fd), 0};
    switch (const int error = errno) {
    case EAGAIN: return {AcceptStatus::kEmpty, UniqueFd(), 0};
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM: return {AcceptStatus::kExhausted, UniqueFd(), error};
    default: return {AcceptStatus::kRetry, UniqueFd(), error}; // EINTR, ECONNABORTED, EPROTO, ENETDOWN, ...
    }
}

} // namespace kvduel::servers
