#pragma once

#include "harness/load/run_load.hpp"

#include <cstdint>
#include <deque>

namespace kvduel::load {

/// Makes the glances of a running trial out of counters that only grow. Pure but for what it remembers of the
/// last second.
class Progress {
public:
    static constexpr Duration kTick = std::chrono::milliseconds(100);

    explicit Progress(TimePoint began) : began_(began) {}

    void enter(Phase phase) noexcept { live_.phase = phase; }
    /// When the load should be done.
    void expect(TimePoint end) noexcept { live_.expected_s = seconds_since_start(end); }

    /// `succeeded`: requests so far, in all threads. `p99_ns`: of the last interval.
    const Live& glance(TimePoint now, std::uint64_t succeeded, std::uint64_t p99_ns);

private:
    struct Sample {
        TimePoint at{};
        std::uint64_t succeeded = 0;
    };
    double seconds_since_start(TimePoint t) const noexcept {
        return std::chrono::duration<double>(t - began_).count();
    }

    TimePoint began_;
    Live live_;
    std::deque<Sample> last_second_; ///< a sample a tick
};

} // namespace kvduel::load
