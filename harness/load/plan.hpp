#pragma once

#include "core/support/clock.hpp"
#include "harness/load/background/background.hpp"
#include "harness/load/slices.hpp"
#include "harness/workload/arrivals.hpp"
#include "harness/workload/workload.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kvduel::load {

inline constexpr std::uint64_t kMaxAnswerBytes =
    256ULL << 20; ///< the body of an answer; a longer one is a protocol error

/// Where the load goes. `host` is a numeric IPv4 or IPv6 address, or "localhost".
struct Target {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;

    bool operator==(const Target&) const = default;
};

/// One trial's load, complete and checked: the same plan and seed send the same requests.
struct Plan {
    Target target;
    unsigned connections = 64;
    unsigned threads = 1;
    std::vector<int> cpus; ///< thread i is pinned to cpus[i mod size]; empty: not pinned
    Duration warm_up{};
    Duration duration{}; ///< the measured window
    Duration timeout = std::chrono::seconds(10);
    std::optional<double> rate_per_s;                                  ///< absent: closed loop
    workload::ArrivalKind arrivals = workload::ArrivalKind::kConstant; ///< of an open loop
    bool may_spin =
        false; ///< an open loop may poll away the last moment before a due time: its CPU is its own
    unsigned pipeline = 1;                     ///< requests in flight per connection
    std::uint64_t requests_per_connection = 0; ///< 0: no limit
    int expect_status = 0;                     ///< 0: what the operation should give (GET 200, POST 200)
    std::uint64_t seed = 1;
    std::vector<Background> background; ///< beside it, at most kMaxBackgrounds
    workload::Workload workload;
    SliceSeat* seat = nullptr; ///< warm-up and window run in the slices of this seat; null: at once
    bool is_verified = true;   ///< false: values are not looked at and no key is written before (the floor)
};

} // namespace kvduel::load
