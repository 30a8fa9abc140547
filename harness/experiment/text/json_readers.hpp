#pragma once

#include "core/support/error.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::experiment {

/// The line a server of ours prints once it accepts connections.
struct Announcement {
    std::string host;       ///< numeric
    std::uint16_t port = 0; ///< never 0 once read
    std::optional<int> pid;
};

/// A sparse histogram as a server publishes it, cumulative since its start.
struct ServerHistogram {
    struct Bucket {
        std::uint64_t upper_ns = 0; ///< inclusive
        std::uint64_t count = 0;    ///< in this bucket alone

        bool operator==(const Bucket&) const = default;
    };
    std::uint64_t count = 0;
    std::vector<Bucket> buckets;         ///< by rising upper_ns
    std::optional<std::uint64_t> sum_ns; ///< exact, where the buckets know only edges
};

/// GET /-/stats, as far as a trial needs it. Absent: the page does not have the key.
struct ServerStats {
    std::uint64_t requests_total = 0; ///< without the server's own /-/ pages
    std::optional<int> pid;
    std::map<int, std::uint64_t> by_status;
    std::optional<double> cpu_user_s;
    std::optional<double> cpu_system_s;
    std::optional<std::uint64_t> context_switches_voluntary;
    std::optional<std::uint64_t> context_switches_involuntary;
    std::optional<ServerHistogram> queue_wait;
    std::optional<ServerHistogram> handler;
};

/// What this room must read and may not: only harness/report knows JSON. Both functions are pure, face bytes
/// of a stranger's process and answer kUnavailable with what is wrong; both must be set.
struct JsonReaders {
    std::function<Result<Announcement>(std::string_view line)> announcement; ///< a line of 4 KiB at the most
    std::function<Result<ServerStats>(std::string_view body)> stats;         ///< a body of 1 MiB at the most
};

} // namespace kvduel::experiment
