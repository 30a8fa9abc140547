#pragma once

#include "core/support/error.hpp"
#include "harness/load/plan.hpp"
#include "harness/load/result.hpp"

#include <atomic>
#include <cstdint>

namespace kvduel::load {

enum class Phase : std::uint8_t { kPreload, kConnect, kWarmUp, kWindow, kDrain, kDone };

/// A glance at a running trial, for progress lines. Figures of the last second or so.
struct Live {
    Phase phase = Phase::kPreload;
    double elapsed_s = 0;  ///< since the load began
    double expected_s = 0; ///< until it should be done
    double throughput_rps = 0;
    double p99_us = 0;
};

/// Hears of the phases. Called by the thread that called run_load, never by a load thread, so it may take its
/// time between phases but delays nothing that is measured.
class Observer {
public:
    virtual ~Observer() = default;
    virtual void phase(Phase) {}      ///< right when it begins: sample the server at kWindow and at kDrain
    virtual void tick(const Live&) {} ///< about every 100 ms
};

/// Runs one trial's load to its end: preload, connect, warm-up, window, drain. Blocks the caller for the
/// whole of it. `stop` ends it early (interrupted is set; what was measured stands). An error means that
/// nothing was measured: no connection opened, the preload failed, or a resource limit stands in the way.
Result<LoadResult> run_load(const Plan& plan, Observer& observer, const std::atomic<bool>& stop);

} // namespace kvduel::load
