#pragma once

#include "harness/experiment/machine/doctor_finding.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kvduel::experiment {

/// The machine of a run. What could not be read is empty or absent, never guessed.
struct Environment {
    std::string fingerprint; ///< 16 hex digits over what stays the same from run to run (fingerprint())
    std::string cpu_model;
    unsigned cpus = 0;          ///< this process may run on
    std::string kernel;         ///< sysname release machine
    std::string virtualization; ///< "none", "vm" or the hypervisor's or container's name
    std::uint64_t memory_bytes = 0;
    std::string governor;    ///< of CPU 0
    std::string mitigations; ///< "name: state" of each vulnerability that affects this CPU, joined by "; "
    std::string clocksource;
    std::string transparent_hugepage;
    std::string os;             ///< PRETTY_NAME of /etc/os-release
    double load_average_1m = 0; ///< when the run began
    std::optional<double>
        steal_ratio; ///< of the CPUs used, since the run began or went on; absent until it ended
    std::optional<double> cpu_quota;    ///< cgroup cpu.max in CPUs, if it limits
    std::vector<int> server_cpus;       ///< empty: not pinned
    std::vector<int> load_cpus;         ///< empty: not pinned
    std::uint64_t descriptor_limit = 0; ///< RLIMIT_NOFILE after raising soft to hard
    std::vector<DoctorFinding> doctor;  ///< the quick checks before the first trial; empty: none were made
};

} // namespace kvduel::experiment
