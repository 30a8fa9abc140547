#pragma once

#include "harness/load/background/disturbance.hpp"
#include "harness/load/rendezvous.hpp"

#include <atomic>
#include <memory>
#include <vector>

namespace kvduel::load {

/// The one thread that keeps all backgrounds of a trial. It runs on the load's CPUs, where a load thread
/// always comes first (SCHED_IDLE), or on those of them that no load thread has. run() is the thread; the
/// rest is for the coordinator.
class BackgroundThread {
public:
    static constexpr Duration kMaxSleep = std::chrono::milliseconds(20); ///< a stop is seen within it
    static constexpr Duration kLastAnswers = std::chrono::seconds(1);    ///< to read what is owed

    BackgroundThread(const Plan& plan, const Address& address, Rendezvous& rendezvous,
                     const std::atomic<bool>& stop)
        : plan_(plan), address_(address), rendezvous_(rendezvous), stop_(stop) {}

    /// Opens before the warm-up, disturbs until the last load thread has its answers, then reads its own.
    void run();

    /// Only after its thread was joined; empty if no window was opened.
    std::vector<BackgroundResult>& results() noexcept { return results_; }

private:
    void run_phases();
    bool prepare();
    void open();
    void disturb();
    void turn(TimePoint until);
    template <typename Check>
    bool all(Check check) const;
    bool should_stop() const noexcept { return stop_.load(std::memory_order_relaxed); }

    const Plan& plan_;
    const Address& address_;
    Rendezvous& rendezvous_;
    const std::atomic<bool>& stop_;
    UniqueFd epoll_;
    EventWait wait_;
    std::vector<std::unique_ptr<Disturbance>> disturbances_; ///< within run() only
    std::vector<BackgroundResult> results_;
};

} // namespace kvduel::load
