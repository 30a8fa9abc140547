#pragma once

#include "harness/load/plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kvduel::experiment {

/// Who listens at an address, as far as this machine tells: the sockets in state LISTEN of /proc/net/tcp and
/// tcp6, by inode, and the processes whose descriptors (/proc/PID/fd) lead there.
struct SocketOwners {
    bool is_local = false; ///< the address is one of this machine's; false too for one of a container's own
    std::vector<int> pids; ///< rising; those that this user may not look into are not among them
    std::string absence;   ///< why `pids` is empty
};

/// A socket bound to the address itself goes before one bound to all addresses, as in the kernel
/// (__inet_lookup_listener). Nothing is connected, signalled or held. `proc` stands in for /proc in a test.
/// Any thread; reads every process's descriptors, so call it outside measured time.
SocketOwners find_socket_owners(const load::Target& target, const std::string& proc = "/proc");

/// The CPUs that a thread of one of these processes may run on, rising. Absent if a process tells nothing.
std::optional<std::vector<int>> allowed_cpus(const std::vector<int>& pids, const std::string& proc = "/proc");

} // namespace kvduel::experiment
