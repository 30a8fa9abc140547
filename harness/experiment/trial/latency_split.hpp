#pragma once

#include "harness/experiment/record/trial.hpp"

#include <optional>

namespace kvduel::experiment {

/// Where the mean latency of a trial went, as means add up: latency = before send + queue wait + handler +
/// rest, with before send = mean latency - mean service time. The server's two means are over all that it
/// handled between the looks at its page, which is the window but for what crosses its ends. Absent if the
/// server does not tell both, or if the parts leave less than nothing for the rest: then they are not of the
/// same requests. Pure.
std::optional<LatencySplit> split_latency(const TimeFigures& latency, const TimeFigures& service_time,
                                          const ServerFigures& server);

} // namespace kvduel::experiment
