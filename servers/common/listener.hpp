#pragma once

#include "core/support/error.hpp"
#include "core/support/unique_fd.hpp"
#include "servers/common/address.hpp"

namespace kvduel::servers {

/// A listening, non-blocking socket and the address it really has.
struct Listener {
    UniqueFd fd;
    Address address;
};

/// Binds and listens (backlog 4,096). TCP_NODELAY is set here and inherited by every accepted socket, a
/// system call less per connection. kUnavailable with address and errno text when the address cannot be had.
Result<Listener> make_listener(const Address& address);

/// What one accept4 gave.
enum class AcceptStatus {
    kAccepted,
    kEmpty,     ///< nobody waits
    kRetry,     ///< that peer is gone already: the next may be there
    kExhausted, ///< descriptors or memory are used up: stop watching for a while
};

struct Accepted {
    AcceptStatus status;
    UniqueFd fd;   ///< close-on-exec
    int error = 0; ///< errno of kExhausted and kRetry
};

/// One accept4; `flags` may be SOCK_NONBLOCK. Errors of the network that Linux hands over from the new socket
/// (accept(2)) are kRetry, so the listener never goes deaf.
Accepted accept_one(int listener, int flags) noexcept;

} // namespace kvduel::servers
