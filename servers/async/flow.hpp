#pragma once

#include "servers/async/event_loop.hpp"

#include <boost/asio/awaitable.hpp>

namespace kvduel::servers::async {

using Flow = boost::asio::awaitable<void, EventLoop::Executor>;

/// Serves one connection to its end: one coroutine, one frame. Takes over the descriptor `fd`, one place
/// under the cap and one in the loop's count, and gives all back. Runs on `loop`, which outlives it; nothing
/// leaves it by exception. Parameters are plain values on purpose: GCC 12 destroys some others twice.
Flow serve_connection(EventLoop* loop, int fd);

} // namespace kvduel::servers::async
