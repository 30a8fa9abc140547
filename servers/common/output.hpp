#pragma once

#include "core/http/response_head.hpp"
#include "core/kv/handle.hpp"
#include "core/store/value.hpp"
#include "servers/common/byte_buffer.hpp"

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace kvduel::servers {

/// The answers of one connection on their way out: the heads, with small bodies copied behind them so that an
/// answer is one send, and large values held by count and never copied. Not thread-safe, no I/O.
class Output {
public:
    /// Bodies up to this size are copied.
    static constexpr std::size_t kCopiedBodyBytes = 1'024;
    /// No message of the contract is longer.
    static constexpr std::size_t kMessageBytes = 64;
    /// Of its buffer, while nothing is unsent: an idle connection stays small.
    static constexpr std::size_t kKeptBytes = 8'192;
    /// Enough for the gather list of what may be unsent at a time.
    static constexpr std::size_t kMaxPieces = 16;

    /// Room for one answer whose body is a message, so that writing it cannot fail. Throws std::bad_alloc.
    void reserve_message() { text_.prepare(http::kMaxResponseHeadBytes + kMessageBytes); }
    /// Appends an answer whole. Throws std::bad_alloc and then appends nothing.
    void write_response(const kv::Response& response, const http::DateText& date);
    /// Appends bytes that are no final answer: the 100 Continue.
    void append(std::string_view bytes);

    std::size_t unsent() const noexcept { return unsent_; }
    /// Of the buffer, in bytes.
    std::size_t capacity() const noexcept { return text_.capacity(); }

    /// The next bytes to send, in order, in at most `pieces.size()` pieces; gives how many pieces it used.
    std::size_t gather(std::span<iovec> pieces) const noexcept;
    /// Drops `count` bytes that were sent.
    void consume(std::size_t count) noexcept;

private:
    struct LargeValue {
        std::size_t text_before; ///< bytes of text_ that go out before it
        store::ValueRef value;
        std::size_t sent = 0;
    };

    ByteBuffer text_;
    std::vector<LargeValue> values_; ///< in order; the front one may be partly sent
    std::size_t unsent_ = 0;
};

enum class SendStatus : std::uint8_t {
    kSent,    ///< everything is with the kernel
    kBlocked, ///< the peer does not read fast enough: wait until the socket is writable
    kBroken,  ///< the connection is gone
};

/// Sends as much of `output` as the socket takes, and never blocks. `sent` is raised by the bytes that went.
SendStatus send_output(int fd, Output& output, std::uint64_t& sent) noexcept;

} // namespace kvduel::servers
