#pragma once

#include "harness/experiment/machine/fact_tree.hpp"
#include "harness/experiment/server/socket_owner.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kvduel::experiment {

/// What is known of a server that runs already. It is looked at and never signalled.
struct TargetServer {
    std::optional<int> pid;       ///< whose CPU, memory and threads are counted: the one owner of its socket
    std::string absence;          ///< why there is no pid
    std::vector<int> cpus;        ///< it may run on them; empty: not to be seen
    bool are_cpus_shared = false; ///< it may run on a core of the load's; true too if nobody can tell
};

/// The CPUs that the server at `target` was pinned to, by whoever started it: fewer than `machine` has.
/// Empty: not pinned, or not to be seen.
std::vector<int> pinned_cpus(const load::Target& target, const std::vector<int>& machine,
                             const std::string& proc = "/proc");

/// `owners` beside the load, whose thread i runs on load_cpus[i]; empty: not pinned. `proc` and `facts` stand
/// in for this machine in a test.
TargetServer judge_target(const SocketOwners& owners, std::vector<int> load_cpus, unsigned load_threads,
                          const std::string& proc = "/proc", const FactTree& facts = FactTree());

} // namespace kvduel::experiment
