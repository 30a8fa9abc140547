#pragma once

#include "harness/experiment/machine/doctor_finding.hpp"
#include "harness/experiment/machine/fact_tree.hpp"

#include <cstdint>
#include <optional>

/// Checks of what the kernel allows a run of so many connections. Each is a function of what it is given.
namespace kvduel::experiment {

/// What the harness itself holds open besides the connections.
inline constexpr std::uint64_t kSpareDescriptors = 64;

/// RLIMIT_NOFILE's hard limit, to which a run raises the soft one; absent: without limit.
std::optional<std::uint64_t> read_descriptor_limit();

DoctorFinding check_descriptors(std::optional<std::uint64_t> limit, unsigned connections);

/// Room for `connections` handshakes at once: somaxconn, tcp_max_syn_backlog.
DoctorFinding check_backlog(const FactTree& facts, unsigned connections);

/// Ports of connections to come: each that we close first keeps its own for 60 s (TIME_WAIT), unless
/// tcp_tw_reuse frees it after 1 s.
DoctorFinding check_ports(const FactTree& facts, unsigned connections);

} // namespace kvduel::experiment
