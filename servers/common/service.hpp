#pragma once

#include "core/store/store.hpp"
#include "servers/common/admission.hpp"
#include "servers/common/body_budget.hpp"
#include "servers/common/connection_count.hpp"
#include "servers/common/log.hpp"
#include "servers/common/metrics.hpp"
#include "servers/common/options.hpp"
#include "servers/common/watchdog.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace kvduel::servers {

/// What the model tells the pages about itself.
struct ModelGauges {
    std::uint64_t queue_depth = 0;
    std::uint64_t queue_capacity = 0;                ///< 0: no queue of its own
    std::vector<std::uint64_t> connections_per_loop; ///< empty: no loops
};

/// Everything that the connections of one server share, whichever model serves them. Any thread may use any
/// part; it outlives every thread of the server.
class Service {
public:
    /// `mode` is the dispatch or the runtime; `lanes` how many threads will keep figures of their own.
    Service(const Options& options, std::string_view program, std::string_view mode, std::size_t lanes,
            Watchdog::CloseAbandoned close_abandoned = nullptr);

    const Options options;
    const std::string_view program;
    const std::string_view mode;
    const TimePoint started;
    Log log;
    std::unique_ptr<store::Store> store;
    Admission admission;
    BodyBudget bodies;
    Work work;
    Metrics metrics;
    ConnectionCount connections;
    Watchdog watchdog;
    std::atomic<bool> is_draining{false}; ///< every answer from now on closes its connection
    std::function<ModelGauges()> gauges;  ///< set before the first connection
};

} // namespace kvduel::servers
