#pragma once

#include "harness/experiment/machine/fact_tree.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kvduel::experiment {

/// The CPUs that "max 100000" or "50000 100000" (cgroup v2, cpu.max) allows; absent if it sets no limit or is
/// not such a line. Pure.
std::optional<double> parse_cpu_max(std::string_view line);

/// The least quota from this process's cgroup up to the root (cgroup v2), in CPUs; absent if none limits.
std::optional<double> read_cpu_quota(const FactTree& facts);

/// cpuset.cpus.effective of this process's cgroup or the nearest above it; empty if there is none.
std::string read_cpuset(const FactTree& facts);

} // namespace kvduel::experiment
