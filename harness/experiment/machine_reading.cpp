#include "harness/experiment/machine_reading.hpp"

#include "harness/experiment/cpu_throttle.hpp"

namespace kvduel::experiment {

MachineReading read_machine(std::optional<int> server) {
    MachineReading reading;
    reading.cpu_ticks = read_cpu_ticks();
    reading.listen_drops = read_listen_drops();
    reading.throttled_periods = read_throttled_periods(server);
    return reading;
}

} // namespace kvduel::experiment
