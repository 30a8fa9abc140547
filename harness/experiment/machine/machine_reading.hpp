#pragma once

#include "harness/experiment/machine/cpu_times.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace kvduel::experiment {

/// What this machine tells, at one end of a window, of time that others took from server and load.
struct MachineReading {
    std::optional<CpuTimes> cpu_times;
    std::optional<std::uint64_t> listen_drops;
    std::optional<std::uint64_t> throttled_periods;
};

/// For the server of that pid, if there is one.
using MachineReader = std::function<MachineReading(std::optional<int> server)>;

/// From /proc and the control groups, for any thread.
MachineReading read_machine(std::optional<int> server);

} // namespace kvduel::experiment
