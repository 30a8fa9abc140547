#pragma once

#include "core/support/unique_fd.hpp"
#include "servers/common/connection_count.hpp"
#include "servers/common/conversation.hpp"
#include "servers/common/service.hpp"
#include "servers/common/watchdog.hpp"

#include <atomic>
#include <cstddef>

namespace kvduel::servers::threads {

/// A connection of the pool. At any moment it has one owner: the poller's epoll while it is armed, the
/// channel, the worker that serves it, or the watchdog once it is abandoned. Members end in the order that
/// closing needs: the place in the watchdog's table before the descriptor, the place under the cap last.
struct PooledConnection {
    PooledConnection(Service& service, UniqueFd socket, ConnectionPlace taken)
        : place(std::move(taken)), fd(std::move(socket)), conversation(service),
          watch(service.watchdog, fd.get(), this) {}

    ConnectionPlace place;
    UniqueFd fd;
    Conversation conversation;
    Enrolment watch;
    /// Raised by whoever arms it, as the last touch but one; lowered by the poller, which so sees all that
    /// was written before. The kernel orders the two anyway, but neither the language nor the thread
    /// sanitizer knows that.
    std::atomic<bool> is_armed{false};
    TimePoint ready{}; ///< when the poller saw the event that it is served for; epoch: a receive has taken it
    TimePoint linger_until{}; ///< epoch: it does not linger
    std::size_t drained = 0;  ///< bytes dropped while it lingers
};

} // namespace kvduel::servers::threads
