#pragma once

#include "harness/load/pool.hpp"
#include "harness/load/preload.hpp"
#include "harness/load/rendezvous.hpp"
#include "harness/load/run_queue_wait.hpp"
#include "harness/load/tally.hpp"
#include "harness/load/trial.hpp"

#include <atomic>
#include <cstdint>
#include <optional>

namespace kvduel::load {

/// One load thread: its share of the connections, its event loop, its books. run() is the thread; the rest is
/// for the coordinator.
class LoadThread {
public:
    LoadThread(TrialShared& shared, const Address& address, unsigned index, Rendezvous& rendezvous,
               const std::atomic<bool>& stop);

    /// preload, connect, then warm-up, window and drain in one. Between them it waits at the rendezvous.
    /// Meanwhile the calling thread has a table of descriptors of its own, with 0 to 2 alone in it.
    void run();

    const Tally::Live& live() const noexcept { return tally_.live(); }
    /// What it measured. Only after its thread was joined; empty if no window was opened.
    LoadResult& result() noexcept { return result_; }

private:
    /// What this thread has used and missed so far.
    struct Costs {
        Duration cpu;
        std::optional<Duration> waited; ///< for a CPU, by chance
    };

    PoolOptions trial_options() const;
    void run_phases();
    bool prepare();
    void preload();
    std::uint32_t write_and_read(Preload& preload);
    void connect();
    void measure();
    Costs costs() const noexcept;
    void set_costs(const Costs& begin, const Costs& end) noexcept;
    TimePoint load_until_end(const Rendezvous::Window& window);
    void drain(TimePoint stopped);
    void take_slice();
    void settle();
    void take_rest();
    TimePoint begin_slices();
    TimePoint pass_slice();
    TimePoint go_on(Duration slice);
    void meet_coordinator();
    template <typename Act>
    void stand_still(Act act);
    bool should_stop() const noexcept { return stop_.load(std::memory_order_relaxed); }

    TrialShared& shared_;
    Address address_;
    unsigned index_;
    Rendezvous& rendezvous_;
    const std::atomic<bool>& stop_;
    Tally tally_;
    Trial trial_;
    std::optional<Pool<Trial>> pool_;        ///< within run() only
    std::optional<RunQueueWait> wait_;       ///< within run() only
    double places_ = 0;                      ///< connections x pipeline of this thread
    TimePoint slice_end_ = TimePoint::max(); ///< by OwnClock
    LoadResult result_;
};

} // namespace kvduel::load
