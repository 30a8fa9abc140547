#pragma once

#include "harness/load/address.hpp"

#include <netinet/in.h>

#include <cstdint>
#include <optional>

namespace kvduel::load {

/// Where connections to this machine's IPv4 loopback come from. A source address has no more ports than
/// ip_local_port_range (28,232), and a connection that its client closes first keeps its port for 60 s
/// (TIME_WAIT); but all of 127.0.0.0/8 is ours, and each address has ports of its own. Other targets have the
/// one source that the kernel chooses. Immutable.
class SourceAddresses {
public:
    /// Below the usual range, so that an address is left before its ports run out.
    static constexpr std::uint32_t kPortsPerSource = 16'384;
    static constexpr std::uint32_t kSources = 120; ///< then from the first again

    /// `first` keeps the addresses of two users apart: 127.0.`first`.1 and on; the first of all is 127.0.0.1.
    SourceAddresses(const Address& target, std::uint8_t first,
                    std::uint32_t ports_per_source = kPortsPerSource);

    /// Of a connection, when `ports` were taken before it and are still held, by a connection or TIME_WAIT.
    /// None: the kernel's choice.
    std::optional<sockaddr_in> at(std::uint64_t ports) const noexcept;

    /// More than one source is to be had.
    bool can_spread() const noexcept { return is_loopback_; }

private:
    bool is_loopback_;
    std::uint8_t first_;
    std::uint32_t ports_per_source_;
};

} // namespace kvduel::load
