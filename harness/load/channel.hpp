#pragma once

#include "core/support/unique_fd.hpp"
#include "harness/load/address.hpp"

#include <sys/types.h>

#include <netinet/in.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kvduel::load {

/// What a connection has that others have not.
struct ChannelOptions {
    std::optional<sockaddr_in> source{}; ///< none: the kernel's choice
    int receive_bytes = 0;               ///< SO_RCVBUF; 0: the kernel's choice
    int segment_bytes = 0;               ///< TCP_MAXSEG, so that the peer buffers as for a network; 0: none
};

/// One TCP connection at a time, non-blocking, TCP_NODELAY, and its place in an edge-triggered epoll,
/// registered once for all it can say: a request costs a send and a recv and no other system call. Whoever
/// hears of input receives until there is no more; who has left the epoll asks. Not thread-safe.
class Channel {
public:
    /// Begins a handshake. 0, or errno. Writable, or an error event, means that it has ended.
    int open(const Address& address, int epoll, std::uint32_t tag, const ChannelOptions& options = {});

    /// Ends the handshake: 0, or why it failed.
    int finish_open() const noexcept;

    /// Sends `bytes`; what the kernel does not take is kept and goes out on flush(). False: the connection is
    /// lost. Fewer bytes are kept than twice the largest unsent(), which the caller bounds.
    bool send(std::string_view bytes);

    /// Bytes that the kernel has not taken yet.
    std::size_t unsent() const noexcept { return kept_.size() - kept_sent_; }

    /// Sends more of what was kept, when epoll says so or to see whether it may. False: the connection is
    /// lost.
    bool flush();

    /// Nothing more is sent. The peer hears of it behind what was.
    void end_output() noexcept;

    /// SO_RCVBUF of an open connection.
    void set_receive_bytes(int bytes) noexcept;

    /// As recv(2), without a signal or a wait.
    ssize_t receive(std::span<char> buffer) const noexcept;

    /// Has epoll tell again of what is there and was told of.
    void announce_again(int epoll, std::uint32_t tag) noexcept;

    /// Epoll tells no more of this connection, until close() and open().
    void leave(int epoll) noexcept;

    bool is_open() const noexcept { return static_cast<bool>(fd_); }
    void close() noexcept;

private:
    bool push(std::string_view& bytes) noexcept;

    UniqueFd fd_;
    bool is_blocked_ = false; ///< the kernel took no more: flush() when epoll says that it does
    std::string kept_;
    std::size_t kept_sent_ = 0;
};

} // namespace kvduel::load
