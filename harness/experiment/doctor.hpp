#pragma once

#include "core/support/clock.hpp"
#include "harness/experiment/doctor_trials.hpp"
#include "harness/experiment/machine/cpu_plan.hpp"
#include "harness/experiment/machine/doctor_finding.hpp"
#include "harness/experiment/machine/environment.hpp"
#include "harness/experiment/machine/fact_tree.hpp"
#include "harness/experiment/machine/machine.hpp"

#include <atomic>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace kvduel::experiment {

/// What the checks look at: the machine, the plan of a run on it, and hands for the long ones.
struct DoctorScene {
    FactTree facts;
    Cores cores;
    CpuPlan cpus;
    Environment environment;
    std::optional<CpuTimes> cpu_times; ///< when the scene was set: steal is from here on
    unsigned connections = 64;
    std::optional<double> planned_rps;
    Duration spin = std::chrono::milliseconds(300);

    // Used by ceiling and aa_noise alone.
    std::optional<Contender> floor;
    std::optional<Contender> server;
    RunTrials run_trials;
};

/// The scene of this machine as it is now. `named_*` as for choose_cpus().
DoctorScene make_scene(const FactTree& facts, const std::optional<std::vector<int>>& named_server,
                       const std::optional<std::vector<int>>& named_load);

/// A check of `kvduel doctor`: a row of its table, in the order they are made and shown.
struct DoctorCheck {
    std::string_view name;
    bool is_quick;     ///< `kvduel run` makes it before the first trial
    double expected_s; ///< how long it takes, for a progress line; 0: not worth one
    std::string_view looks_at;
    std::string_view finds_bad;
    DoctorFinding (*examine)(const DoctorScene&);
};
std::span<const DoctorCheck> doctor_checks();

/// Hears of each check before it is made.
using DoctorProgress = std::function<void(const DoctorCheck&)>;

/// Makes the quick checks, or all. Main thread; ends early, with the findings so far, once `stop` is set. The
/// quick ones take about a second.
std::vector<DoctorFinding> examine(const DoctorScene& scene, bool is_quick, const DoctorProgress& progress,
                                   const std::atomic<bool>& stop);

} // namespace kvduel::experiment
