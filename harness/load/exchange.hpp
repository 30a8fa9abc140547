#pragma once

#include "core/support/clock.hpp"
#include "harness/workload/request_stream.hpp"

#include <cstdint>

namespace kvduel::load {

/// One request on its way, from the moment it is drawn to its answer.
struct Exchange {
    workload::KeyRequest request;
    std::uint64_t version = 0; ///< POST: the version it writes; GET: the oldest version its answer may hold
    TimePoint due{};           ///< when the schedule wanted it
    TimePoint send{};          ///< just before its first byte
    bool closes = false;       ///< it asks the server to close after the answer
    bool is_of_window = false; ///< due in the window
};

/// Why a request has no whole answer.
enum class Failure : std::uint8_t {
    kTimeout,
    kReset,    ///< RST or FIN before the end of the answer
    kProtocol, ///< not HTTP, or bytes that nobody asked for
};

} // namespace kvduel::load
