#include "harness/experiment/machine/machine_reading.hpp"

#include "harness/experiment/machine/cpu_throttle.hpp"
#include "harness/experiment/machine/machine.hpp"

namespace kvduel::experiment {

MachineReading read_machine(std::optional<int> server) {
    MachineReading reading;
    reading.cpu_times = read_cpu_times();
    reading.listen_drops = read_listen_drops();
    reading.throttled_periods = read_throttled_periods(server);
    return reading;
}

} // namespace kvduel::experiment
