#pragma once

#include "core/support/error.hpp"
#include "harness/experiment/machine/fact_tree.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace kvduel::experiment {

/// CPUs that share one core: a core without hyper-threads is a list of one.
using Cores = std::vector<std::vector<int>>;

/// Who runs where. An empty list means not pinned.
struct CpuPlan {
    std::vector<int> server;
    std::vector<int> load;
};

/// The CPUs of both, rising; empty if one of them is not pinned, and so may run on any. Pure.
std::vector<int> used_cpus(const CpuPlan& plan);

/// The CPUs of "0-2,5" (the kernel's list format), rising; empty if it is not such a list.
std::vector<int> parse_cpu_list(std::string_view text);

/// The CPUs this process may run on, rising.
std::vector<int> available_cpus();

/// `cpus` by core (/sys/.../topology/thread_siblings_list).
Cores cores_of(const std::vector<int>& cpus, const FactTree& facts);

/// The CPUs this process may run on, by core.
Cores available_cores();

/// kUsage if one of the CPUs that `flag` names is not among `cores`, with those that are. Pure.
Outcome check_cpus(const Cores& cores, const std::optional<std::vector<int>>& named, std::string_view flag);

/// What was named stands. With nothing named and two cores or more, the server gets the first half of the
/// cores (rounded down, one at least) and the load the rest; with two hyper-threads of one core, one each.
/// With one side named the other gets the CPUs that are left. One CPU: nobody is pinned. Pure.
CpuPlan choose_cpus(const Cores& cores, const std::optional<std::vector<int>>& server,
                    const std::optional<std::vector<int>>& load);

/// The CPUs of this machine, or of the control group this process is in: what taskset can only narrow.
/// Rising; empty if neither can be read.
std::vector<int> machine_cpus(const FactTree& facts);

/// The load's CPUs where no server is started: those named; else all `own` if they are fewer than `machine`,
/// as then somebody chose them; else those of choose_cpus(), or the one CPU there is. Pure.
std::vector<int> choose_load_cpus(const Cores& own, const std::vector<int>& machine,
                                  const std::optional<std::vector<int>>& named);

/// Do server and load meet on a CPU or a core, or may they (one of them is not pinned)? Pure.
bool shares_cpus(const Cores& cores, const CpuPlan& plan);

} // namespace kvduel::experiment
