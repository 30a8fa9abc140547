#pragma once

#include "core/support/error.hpp"
#include "harness/experiment/contender.hpp"
#include "harness/experiment/cpu_plan.hpp"
#include "harness/experiment/json_readers.hpp"
#include "harness/experiment/suite.hpp"
#include "harness/experiment/trial.hpp"
#include "harness/experiment/waits.hpp"
#include "harness/load/run_load.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace kvduel::experiment {

/// One trial to run, complete.
struct TrialSetup {
    const Contender& contender; ///< resolved
    const Parameters& parameters;
    CpuPlan cpus;
    bool are_cpus_shared = false;
    std::uint64_t load_seed = 1;
    std::size_t environment_padding = 0;
};

/// What a trial needs from outside this room.
struct TrialHands {
    const JsonReaders& readers;
    const LoadFunction& load;
    const Waits& waits;
    const std::atomic<bool>& stop;               ///< ends the trial early
    std::function<void(const load::Live&)> live; ///< for the progress line; about every 100 ms
};

/// The argv of a contender's server: its command with {port} filled in, then a flag for each option.
std::vector<std::string> server_arguments(const Contender& contender, const ServerOptions& options,
                                          std::uint16_t port);

/// The load of a trial as the generator takes it.
load::Plan make_load_plan(const TrialSetup& setup, const load::Target& target);

/// Launches the server, awaits it, loads it, samples it, asks it for its own count, stops it and judges what
/// came out. Whatever the server does, the record tells it and nothing of the server is left. Main thread
/// only. An error is for the run, not the trial: kUsage, a plan that cannot be run or a resource limit.
Result<TrialRecord> run_trial(const TrialSetup& setup, const TrialHands& hands);

} // namespace kvduel::experiment
