#pragma once

#include "core/support/clock.hpp"
#include "core/support/error.hpp"
#include "harness/experiment/server/spawn.hpp"

namespace kvduel::experiment {

/// The servers among the children of this program, of which several may run at once (load::Slices): so that
/// what a server leaves behind can be told from a server. Of the whole process, as its children are. Any
/// thread may call.

/// spawn(), and the server belongs to the family from then on.
Result<Spawned> spawn_server(const Launch& launch);

/// The server with this pid was reaped. The last one to go has every child killed and reaped that was not
/// there before the first came, within `limit`. Returns how many of these had left their server's process
/// group.
unsigned bury_server(int pid, Duration limit);

} // namespace kvduel::experiment
