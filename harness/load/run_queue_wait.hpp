#pragma once

#include "core/support/clock.hpp"

#include <optional>

namespace kvduel::load {

/// How long the thread that made it was ready to run and got no CPU: the second number of
/// /proc/thread-self/schedstat. On a CPU of its own a load thread waits only for what strayed there.
///
/// Belongs to that thread. A descriptor stays open, so that a reading costs one system call.
class RunQueueWait {
public:
    RunQueueWait() noexcept;
    ~RunQueueWait();
    RunQueueWait(const RunQueueWait&) = delete;
    RunQueueWait& operator=(const RunQueueWait&) = delete;

    /// Since the thread began, without what passed between pause() and go_on(). Empty where the kernel does
    /// not tell.
    std::optional<Duration> so_far() const noexcept;
    /// What it waits for from now on is by plan, as for the slice of another load (slices.hpp).
    void pause() noexcept { paused_at_ = read(); }
    void go_on() noexcept;

private:
    std::optional<Duration> read() const noexcept;

    int schedstat_;
    std::optional<Duration> paused_at_;
    Duration by_plan_{};
};

} // namespace kvduel::load
