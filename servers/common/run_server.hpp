#pragma once

#include "core/support/error.hpp"
#include "servers/common/model.hpp"
#include "servers/common/service.hpp"

namespace kvduel::servers {

/// A server's life: listen, start the model, announce, serve until SIGTERM or SIGINT, then drain. The drain
/// closes the listener, sends the idle away, answers the rest with `Connection: close`; a second signal, or
/// --drain-timeout-ms, cuts what is left and ends the process with 0 at once, saying on stderr how many were
/// cut.
Outcome run_server(Service& service, Model& model);

} // namespace kvduel::servers
