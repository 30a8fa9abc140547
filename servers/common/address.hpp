#pragma once

#include "core/support/error.hpp"

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace kvduel::servers {

/// A numeric address to listen on. Names are not resolved: a server must not wait for a resolver.
struct Address {
    std::string host = "127.0.0.1"; ///< IPv4, or IPv6 without brackets
    std::uint16_t port = 8080;      ///< 0: the kernel picks a free one

    bool is_ipv6() const noexcept { return host.find(':') != std::string::npos; }
    bool is_loopback() const noexcept;
    std::string text() const; ///< "127.0.0.1:80", "[::1]:80"
};

/// Reads HOST:PORT, [IPV6]:PORT or localhost:PORT; kUsage otherwise.
Result<Address> parse_address(std::string_view text);

/// The same address as the socket calls take it.
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;

    const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }
};
SocketAddress socket_address(const Address& address) noexcept;

} // namespace kvduel::servers
