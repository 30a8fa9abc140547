#pragma once

#include "servers/common/options.hpp"

#include <string_view>
#include <vector>

namespace kvduel::servers::threads {

/// How connections get threads.
enum class Dispatch : std::uint8_t {
    kChannel,    ///< a poller sends connections that have a request over a bounded channel to a fixed pool of
                 ///< workers
    kConnection, ///< a thread for each connection
};

struct ThreadsOptions : Options {
    Dispatch dispatch = Dispatch::kChannel;
    std::uint32_t queue_depth = 0; ///< 0 becomes max_in_flight
    std::uint32_t stay_budget = 0; ///< further receives before a worker lets a connection go
};

std::string_view name(Dispatch dispatch) noexcept;

/// The rows of the flags that only this model has; they set `options`, which must outlive them.
std::vector<Flag> threads_flags(ThreadsOptions& options);

} // namespace kvduel::servers::threads
