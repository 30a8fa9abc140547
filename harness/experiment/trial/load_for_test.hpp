#pragma once

#include "harness/experiment/plan/suite.hpp"
#include "harness/load/result.hpp"

namespace kvduel::experiment {

/// For tests: the parameters and the result of a load of 2 s without fault: 2 connections, 40,000 requests of
/// 100 us, all laws kept.
inline Parameters sound_parameters() {
    Parameters parameters;
    parameters.connections = 2;
    parameters.duration_s = 2.0;
    return parameters;
}

inline load::LoadResult sound_load() {
    load::LoadResult load;
    load.duration_s = 2.0;
    load.requests.sent = load.requests.completed = load.requests.succeeded = 40'000;
    load.latency.record(100'000, 40'000);
    load.service_time.record(100'000, 40'000);
    load.in_flight_time_s = 4.0;
    load.sent_all_phases = load.completed_all_phases = 60'000;
    load.generator_busy_share = 0.5;
    for (const double start : {0.0, 1.0}) {
        stats::Histogram latency;
        latency.record(100'000, 100);
        load.intervals.push_back({start, 1.0, 20'000, 0, latency});
    }
    return load;
}

} // namespace kvduel::experiment
