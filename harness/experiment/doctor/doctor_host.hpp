#pragma once

#include "harness/experiment/machine/cpu_plan.hpp"
#include "harness/experiment/machine/doctor_finding.hpp"
#include "harness/experiment/machine/environment.hpp"
#include "harness/experiment/machine/fact_tree.hpp"

#include <optional>
#include <string>
#include <vector>

/// Checks of what the machine is. Each is a function of what it is given; limits in the sources.
namespace kvduel::experiment {

/// Under two CPUs the load takes its time from the server; a quota takes it from both.
DoctorFinding check_cpu_count(const FactTree& facts, const std::vector<int>& cpus);

/// Do server and load meet on a core?
DoctorFinding check_topology(const Cores& cores, const CpuPlan& plan);

/// cpufreq's governor of `cpus`. Not to be had where the host decides (most virtual machines).
DoctorFinding check_governor(const FactTree& facts, const std::vector<int>& cpus);

/// Turbo, by intel_pstate or cpufreq: the clock then depends on heat and on the neighbours.
DoctorFinding check_turbo(const FactTree& facts);

DoctorFinding check_virtualization(const Environment& environment);

/// What only the fingerprint and a reader of the report need: huge pages, mitigations, receive steering.
DoctorFinding record_kernel(const FactTree& facts, const Environment& environment);

} // namespace kvduel::experiment
