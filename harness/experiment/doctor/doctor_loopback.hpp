#pragma once

#include "core/support/error.hpp"
#include "harness/experiment/machine/doctor_finding.hpp"
#include "harness/stats/histogram.hpp"

#include <optional>

/// The floor under every latency on this machine: one byte there and back over a TCP connection of 127.0.0.1,
/// between two threads that block in recv.
namespace kvduel::experiment {

inline constexpr unsigned kRoundTrips = 5'000; ///< measured; a tenth of it before, to warm up

/// The round trips in ns. The echoing thread runs on `server_cpu`, the asking one on `load_cpu`, if given.
/// Bounded: ends after 3 s with the round trips it has. kUnavailable: no connection, or it broke.
Result<stats::Histogram> measure_round_trips(std::optional<int> server_cpu, std::optional<int> load_cpu);

DoctorFinding check_loopback(const Result<stats::Histogram>& round_trips_ns);

} // namespace kvduel::experiment
