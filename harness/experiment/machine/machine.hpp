#pragma once

#include "core/support/error.hpp"
#include "harness/experiment/machine/environment.hpp"
#include "harness/experiment/machine/fact_tree.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kvduel::experiment {

/// What this machine is, but for server_cpus, load_cpus, steal_ratio and doctor, which are for the caller.
Environment probe_environment(const FactTree& facts = {});

/// 16 hex digits over what stays the same from run to run: CPU, memory, kernel, governor, mitigations,
/// pinning. Equal fingerprints: figures may be compared. Pure.
std::string fingerprint(const Environment& environment);

/// ListenOverflows of /proc/net/netstat: connections the kernel dropped as an accept queue was full.
/// ListenDrops counts each of them once more, beside those dropped for other reasons.
std::optional<std::uint64_t> parse_listen_drops(std::string_view netstat);
std::optional<std::uint64_t> read_listen_drops();

/// Raises RLIMIT_NOFILE to the hard limit. kUsage if even that is under `needed`, naming both.
Outcome raise_descriptor_limit(std::uint64_t needed);

} // namespace kvduel::experiment
