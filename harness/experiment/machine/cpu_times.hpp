#pragma once

#include "harness/experiment/machine/fact_tree.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>

namespace kvduel::experiment {

/// Time of a CPU, in ticks.
struct CpuTicks {
    std::uint64_t total = 0;
    std::uint64_t steal = 0;
};

/// Of /proc/stat (proc(5)) its first line, the sum, and the line of each CPU.
struct CpuTimes {
    CpuTicks sum;
    std::map<int, CpuTicks> by_cpu;
};

std::optional<CpuTimes> parse_cpu_times(std::string_view proc_stat);
std::optional<CpuTimes> read_cpu_times(const FactTree& facts = {});

/// The share of the time of `cpus`, or of all if none is named or one is not known, that the hypervisor took
/// away between two reads; absent if either is, or no tick passed. CPUs that stand idle lose nothing: among
/// them, what those that work lose looks small. Pure.
std::optional<double> steal_ratio(const std::optional<CpuTimes>& before, const std::optional<CpuTimes>& after,
                                  std::span<const int> cpus = {});

} // namespace kvduel::experiment
