#pragma once

#include "core/support/error.hpp"
#include "servers/common/address.hpp"

namespace kvduel::servers::null {

/// Serves a fixed answer, one per request, until SIGTERM or SIGINT: one thread, edge-triggered epoll, one
/// recv and one send per event; what a turn brought is all read, then all answered. It has no store and keeps
/// no contract: every answer, to whatever request, bears the value of the last POST, KEY=VALUE (at first 64
/// bytes). It is the floor that every cost is a ratio of, and what the generator's ceiling is measured with.
/// Throws std::system_error if a descriptor that it cannot be without cannot be had.
Outcome serve_floor(const Address& address);

} // namespace kvduel::servers::null
