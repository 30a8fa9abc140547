#pragma once

#include "core/support/clock.hpp"

namespace kvduel::load {

/// Says when requests are due; the loop asks it for every request, so that latency always counts from here.
/// Pure: time is a parameter.
///
/// Closed loop: a request is due the moment a connection is free for it, or the moment the handshake that it
/// needs begins.
class DueSchedule {
public:
    /// `asked`: since when a request could have been sent but for the connection.
    TimePoint next_due(TimePoint asked) const noexcept { return asked; }
};

} // namespace kvduel::load
