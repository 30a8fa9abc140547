#pragma once

#include "core/support/unique_fd.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace kvduel::load {

/// For tests: a server that does nothing by itself. The test's own thread takes each step of it between the
/// turns of the loop, so that what the loop finds is certain.
class HandServer {
public:
    HandServer() : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* where = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(listener_.get(), where, size) == 0);
        REQUIRE(::listen(listener_.get(), 16) == 0);
        REQUIRE(::getsockname(listener_.get(), where, &size) == 0);
        port_ = ntohs(address.sin_port);
    }

    std::uint16_t port() const noexcept { return port_; }

    /// Waits for the next connection.
    void accept() {
        peer_.reset(::accept(listener_.get(), nullptr, nullptr));
        REQUIRE(peer_);
    }
    /// Where the connection comes from.
    std::string peer_address() const {
        sockaddr_in address{};
        socklen_t size = sizeof address;
        REQUIRE(::getpeername(peer_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
        char text[INET_ADDRSTRLEN] = "";
        return ::inet_ntop(AF_INET, &address.sin_addr, text, sizeof text);
    }
    void close() noexcept { peer_.reset(); }
    void send(std::string_view bytes) {
        REQUIRE(::send(peer_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(bytes.size()));
    }
    /// Reads once, at most `most` bytes, and returns how many there were; 0 if there are none.
    std::size_t read(std::size_t most) {
        buffer_.resize(most);
        const ssize_t count = ::recv(peer_.get(), buffer_.data(), most, MSG_DONTWAIT);
        return count < 0 ? 0 : static_cast<std::size_t>(count);
    }

private:
    UniqueFd listener_;
    UniqueFd peer_;
    std::string buffer_;
    std::uint16_t port_ = 0;
};

} // namespace kvduel::load
