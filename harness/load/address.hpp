#pragma once

#include "core/support/error.hpp"
#include "harness/load/plan.hpp"

#include <sys/socket.h>

#include <string>

namespace kvduel::load {

/// Where to connect, ready for connect(2).
struct Address {
    sockaddr_storage bytes{};
    socklen_t size = 0;
    std::string text; ///< "127.0.0.1:8080", "[::1]:8080": for Host and for messages
};

/// kUsage if the host is neither a numeric address nor "localhost", or the port is 0. No name is looked up.
Result<Address> make_address(const Target& target);

} // namespace kvduel::load
