#include "harness/experiment/trial/latency_split.hpp"

namespace kvduel::experiment {

std::optional<LatencySplit> split_latency(const TimeFigures& latency, const TimeFigures& service_time,
                                          const ServerFigures& server) {
    if (!latency.mean_us || !service_time.mean_us || !server.queue_wait || !server.handler ||
        !server.queue_wait->mean_us || !server.handler->mean_us)
        return std::nullopt;
    LatencySplit split;
    split.before_send_us = *latency.mean_us - *service_time.mean_us;
    split.queue_wait_us = *server.queue_wait->mean_us;
    split.handler_us = *server.handler->mean_us;
    split.rest_us = *service_time.mean_us - split.queue_wait_us - split.handler_us;
    if (split.before_send_us < 0 || split.rest_us < 0) return std::nullopt;
    return split;
}

} // namespace kvduel::experiment
