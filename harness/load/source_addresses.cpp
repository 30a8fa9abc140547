#include "harness/load/source_addresses.hpp"

#include <algorithm>
#include <cstring>

namespace kvduel::load {

namespace {

constexpr std::uint32_t kLoopbackNet = 127;

bool is_ipv4_loopback(const Address& target) {
    sockaddr_in v4{};
    if (target.bytes.ss_family != AF_INET) return false;
    std::memcpy(&v4, &target.bytes, sizeof v4);
    return ntohl(v4.sin_addr.s_addr) >> 24 == kLoopbackNet;
}

} // namespace

SourceAddresses::SourceAddresses(const Address& target, std::uint8_t first, std::uint32_t ports_per_source)
    : is_loopback_(is_ipv4_loopback(target)), first_(first),
      ports_per_source_(std::max(ports_per_source, 1u)) {}

std::optional<sockaddr_in> SourceAddresses::at(std::uint64_t ports) const noexcept {
    const auto index = static_cast<std::uint32_t>(ports / ports_per_source_ % kSources);
    if (!is_loopback_ || (first_ == 0 && index == 0)) return std::nullopt;
    sockaddr_in source{};
    source.sin_family = AF_INET;
    source.sin_addr.s_addr = htonl(kLoopbackNet << 24 | std::uint32_t{first_} << 8 | (index + 1));
    return source;
}

} // namespace kvduel::load
