#pragma once

#include "core/support/error.hpp"
#include "harness/experiment/machine/machine_reading.hpp"
#include "harness/experiment/record/trial.hpp"
#include "harness/experiment/text/json_readers.hpp"
#include "harness/experiment/trial/trial_setup.hpp"
#include "harness/experiment/trial/waits.hpp"
#include "harness/load/run_load.hpp"

#include <atomic>
#include <functional>

namespace kvduel::experiment {

/// What a trial needs from outside this room.
struct TrialHands {
    const JsonReaders& readers;
    const LoadFunction& load;
    const MachineReader& machine;
    const Waits& waits;
    const std::atomic<bool>& stop;               ///< ends the trial early
    std::function<void(const load::Live&)> live; ///< for the progress line; about every 100 ms
};

/// Launches the server, awaits it, loads it, samples it, asks it for its own count, stops it and judges what
/// came out. Whatever the server does, the record tells it and nothing of the server is left. A target is
/// looked at and never signalled. Main thread only. An error is for the run, not the trial: kUsage, a plan
/// that cannot be run or a resource limit.
Result<TrialRecord> run_trial(const TrialSetup& setup, const TrialHands& hands);

} // namespace kvduel::experiment
