#pragma once

#include "core/support/error.hpp"
#include "harness/load/address.hpp"
#include "harness/load/plan.hpp"

#include <cstdint>

namespace kvduel::load {

/// Bounds of a plan, so that no wish of a user can take all memory.
inline constexpr unsigned kMaxConnections = 65'536;
inline constexpr unsigned kMaxThreads = 256;
inline constexpr std::uint64_t kMaxInFlight = 1'048'576; ///< connections x pipeline
inline constexpr std::size_t kMaxValueBytes = 64 << 20;
inline constexpr unsigned kMaxPipeline = 1'024;
inline constexpr int kLeastStatus = 200; ///< of a final answer, RFC 9110 section 15
inline constexpr int kMostStatus = 599;

/// kUsage, naming the flag, what is wrong and what is allowed.
Outcome check_plan(const Plan& plan);

/// Those of the plan and of its backgrounds.
unsigned all_connections(const Plan& plan) noexcept;

/// kUsage if the connections need more local ports than there are: only the IPv4 loopback has more than one
/// source address (source_addresses.hpp).
Outcome check_ports(const Plan& plan, const Address& address);

/// Raises the soft limit of descriptors to the hard one if `connections` need it. kUsage if even that is too
/// low.
Outcome ensure_descriptors(unsigned connections);

} // namespace kvduel::load
