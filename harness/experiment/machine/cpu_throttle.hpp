#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::experiment {

/// In how many periods a CPU quota stopped the control groups of this process and of `server` since they were
/// made: the sum of nr_throttled in cpu.stat over both, each group with all above it (cgroups(7), v2 and v1).
/// Absent if no group tells. Some ten small files.
std::optional<std::uint64_t> read_throttled_periods(std::optional<int> server);

/// The cpu.stat files that tell of a process whose /proc/PID/cgroup is this: of its own groups and of those
/// above. Bounded at 64. Pure.
std::vector<std::string> cpu_stat_files(std::string_view proc_cgroup);

} // namespace kvduel::experiment
