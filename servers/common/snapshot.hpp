#pragma once

#include "servers/common/service.hpp"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace kvduel::servers {

/// A latency histogram, added up over the threads.
struct LatencySnapshot {
    std::uint64_t count = 0;
    std::uint64_t sum_ns = 0;
    std::uint64_t min_ns = 0; ///< the lower bound of the first bucket in use, so never above the mean
    std::vector<std::pair<std::uint64_t, std::uint64_t>>
        buckets; ///< (upper bound in ns, count), ascending, none empty

    /// The upper bound of the bucket in which the share `q` of the values is reached; 0 when there are none.
    std::uint64_t quantile_ns(double q) const noexcept;
    double mean_ns() const noexcept {
        return count == 0 ? 0 : static_cast<double>(sum_ns) / static_cast<double>(count);
    }
};

/// A server's figures at one moment: counters since the start, gauges as of now. Not atomic across fields,
/// exact when nothing is going on.
struct Snapshot {
    double uptime_s = 0;
    std::map<int, std::uint64_t> by_status;
    std::uint64_t requests = 0; ///< answered, pages apart
    std::uint64_t pages = 0;
    std::uint64_t in_flight = 0;
    std::array<std::uint64_t, kRejections> rejected{};
    std::array<std::uint64_t, kDeadlines> deadlines{};
    std::uint64_t handler_failures = 0;
    std::uint64_t connections_open = 0;
    std::uint64_t connections_accepted = 0;
    ModelGauges model;
    store::Usage store;
    double cpu_user_s = 0;
    double cpu_system_s = 0;
    std::uint64_t switches_voluntary = 0;
    std::uint64_t switches_involuntary = 0;
    LatencySnapshot queue_wait;
    LatencySnapshot handler;
};

Snapshot take_snapshot(const Service& service);

} // namespace kvduel::servers
