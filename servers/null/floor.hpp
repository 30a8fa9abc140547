#pragma once

#include "core/support/error.hpp"
#include "servers/common/address.hpp"

namespace kvduel::servers::null {

/// Serves a fixed answer, one per blank line received, until SIGTERM or SIGINT: one thread, level-triggered
/// epoll, one recv and one send per event. It reads no request and keeps no contract: it is the floor that
/// every cost is a ratio of.
Outcome serve_floor(const Address& address);

} // namespace kvduel::servers::null
