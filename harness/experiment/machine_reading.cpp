#include "harness/experiment/machine_reading.hpp"

#include "harness/experiment/cpu_throttle.hpp"
#include "harness/experiment/server_sample.hpp"

namespace kvduel::experiment {

MachineReading read_machine(std::optional<int> server) {
    MachineReading reading;
    reading.cpu_ticks = read_cpu_ticks();
    reading.listen_drops = read_listen_drops();
    reading.run_queue_wait_ns = own_run_queue_wait_ns();
    reading.throttled_periods = read_throttled_periods(server);
    return reading;
}

} // namespace kvduel::experiment
