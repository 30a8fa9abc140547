#pragma once

#include <cstdint>

namespace kvduel::servers {

/// Descriptors that a server needs for what is not a connection: listener, epolls, stderr and peers that are
/// told 503; and for each thread, which may be a loop with an epoll, an eventfd and a timerfd.
constexpr std::uint64_t reserved_descriptors(unsigned threads) noexcept {
    return 96 + std::uint64_t{3} * threads;
}

} // namespace kvduel::servers
