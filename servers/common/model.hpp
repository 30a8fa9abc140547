#pragma once

#include "core/support/unique_fd.hpp"
#include "servers/common/connection_count.hpp"
#include "servers/common/service.hpp"

namespace kvduel::servers {

/// A concurrency model: how connections get threads. The one thing in which two servers differ.
class Model {
public:
    virtual ~Model() = default;

    /// Starts the threads that serve. Throws std::system_error when one cannot be had; nothing runs then.
    virtual void start() = 0;

    /// Takes over a new connection, or gives its descriptor back, counted as rejected, when no thread or
    /// memory is to be had for it. Called by the acceptor thread alone.
    [[nodiscard]] virtual UniqueFd deliver(UniqueFd fd, ConnectionPlace place) noexcept = 0;

    /// What accept4 must set on the sockets that deliver() gets: SOCK_NONBLOCK or 0.
    virtual int accept_flags() const noexcept = 0;

    /// Ends the threads; no connection is open any more. Does nothing when none runs.
    virtual void stop() noexcept = 0;

    virtual ModelGauges gauges() const = 0;
};

} // namespace kvduel::servers
