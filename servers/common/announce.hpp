#pragma once

#include "core/support/error.hpp"
#include "servers/common/address.hpp"

namespace kvduel::servers {

/// Tells on stdout, in one flushed line, that the server accepts:
///   {"event":"listening","host":"127.0.0.1","port":41234,"pid":99}
/// A server on a port that the kernel picked and that nobody can hear of is useless: kUnavailable when stdout
/// is closed or broken and `asked` had port 0. With a port that the caller chose, a lost line is no error.
Outcome announce(const Address& bound, const Address& asked);

} // namespace kvduel::servers
