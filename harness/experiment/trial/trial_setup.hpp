#pragma once

#include "harness/experiment/machine/cpu_plan.hpp"
#include "harness/experiment/plan/contender.hpp"
#include "harness/experiment/plan/suite.hpp"
#include "harness/load/plan.hpp"

#include <cstddef>
#include <cstdint>
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
    load::SliceSeat* seat = nullptr; ///< of a trial that shares its time with others
    bool is_beside_target = false;   ///< a contender of the run is a server that runs already, where it runs
};

/// Those that are measured and those of the backgrounds. Pure, as all below.
unsigned all_connections(const Parameters& parameters);

/// Does each load thread have a CPU that neither the server nor another load thread runs on?
bool has_own_cpus(const TrialSetup& setup);

/// May a load thread spin? Only on a CPU of its own, and only if it keeps no background from its work, which
/// runs when nobody else does: there is a CPU for it, or it is an idle crowd. Not beside a target: a server
/// pays for the wake-ups of a client that sleeps (docs/decisions/0014), and all are to pay alike.
bool may_spin(const TrialSetup& setup);

/// The argv of a contender's server: its command with {port} filled in, then a flag for each option.
std::vector<std::string> server_arguments(const Contender& contender, const ServerOptions& options,
                                          std::uint16_t port);

/// The load of a trial as the generator takes it.
load::Plan make_load_plan(const TrialSetup& setup, const load::Target& target);

} // namespace kvduel::experiment
