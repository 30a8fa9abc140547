#pragma once

#include "core/support/clock.hpp"
#include "harness/experiment/doctor/doctor_clock.hpp"
#include "harness/experiment/machine/doctor_finding.hpp"
#include "harness/experiment/machine/fact_tree.hpp"
#include "harness/experiment/machine/machine.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// Who else uses the CPUs: what the hypervisor takes, what other programs take, what waits.
namespace kvduel::experiment {

/// What one spinning thread saw: the gaps between two reads of the clock in which it did not run.
struct Spin {
    int cpu = 0;
    double spin_s = 0;
    double gap_s = 0; ///< of gaps over 20 us
    std::uint64_t gaps = 0;
    double longest_gap_us = 0;
};

/// Reads `now` until `length` is over. Pure but for `now`.
Spin spin(Duration length, const NowFunction& now);

/// One spin per CPU, all at the same time; at most 64 CPUs. A CPU that is not to be had is left out.
std::vector<Spin> spin_on(const std::vector<int>& cpus, Duration length);

DoctorFinding check_noise(const std::vector<Spin>& spins);
DoctorFinding check_steal(std::optional<double> steal_ratio);
DoctorFinding check_load(const FactTree& facts, std::size_t cpus);
DoctorFinding check_pressure(const FactTree& facts);

/// Why no figure of this machine would be worth its time, each with its number; empty: it can be measured.
/// The one rule for exit code 75 of `kvduel doctor` and `kvduel run` (docs/doctor.md, docs/decisions). Pure.
std::vector<std::string> busy_reasons(const std::vector<DoctorFinding>& findings);

} // namespace kvduel::experiment
