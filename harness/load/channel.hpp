#pragma once

#include "core/support/unique_fd.hpp"
#include "harness/load/address.hpp"

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace kvduel::load {

/// One TCP connection at a time, non-blocking, TCP_NODELAY, and its place in a level-triggered epoll: EPOLLIN
/// is registered once, EPOLLOUT only while the kernel takes no more. Not thread-safe.
class Channel {
public:
    /// Begins a handshake. 0, or errno. Writable, or an error event, means that it has ended.
    int open(const Address& address, int epoll, std::uint32_t tag);

    /// Ends the handshake: 0, or why it failed.
    int finish_open();

    /// Sends `bytes`; what the kernel does not take is kept and goes out on flush(). False: the connection is
    /// lost. What is kept is bounded by what the caller sends without an answer.
    bool send(std::string_view bytes);

    /// Sends more of what was kept, when epoll says so. False: the connection is lost.
    bool flush();

    /// As recv(2), without a signal or a wait.
    ssize_t receive(std::span<char> buffer) const noexcept;

    bool is_open() const noexcept { return static_cast<bool>(fd_); }
    void close() noexcept;

private:
    bool watch(std::uint32_t events) noexcept;

    UniqueFd fd_;
    int epoll_ = -1;
    std::uint32_t tag_ = 0;
    bool is_blocked_ = false; ///< EPOLLOUT is registered
    std::string kept_;
    std::size_t kept_sent_ = 0;
};

} // namespace kvduel::load
