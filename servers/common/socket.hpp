#pragma once

#include "servers/common/conversation.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace kvduel::servers {

enum class ReceiveStatus : std::uint8_t {
    kReceived,
    kEmpty,  ///< nothing there now (non-blocking only)
    kFilled, ///< all that there was room for came: there may be more
    kEnded,  ///< the peer ended its side, or the watchdog did
    kBroken, ///< reset, or no memory to receive into
};

/// One recv into the conversation. `flags` MSG_DONTWAIT for one that never blocks. `ready` is the time to
/// count queue wait from; TimePoint{} takes the clock when bytes came.
ReceiveStatus receive_into(Conversation& conversation, Lane& lane, int fd, int flags,
                           TimePoint ready) noexcept;

/// What a lingering close still reads, and for how long, at most (contract, section 1).
inline constexpr std::size_t kMaxLingerBytes = 256 * 1024;
inline constexpr auto kLingerTime = std::chrono::seconds(1);

/// Drops what is there to read, counting it in `drained`. True when the linger is over: the peer has closed,
/// or sent more than kMaxLingerBytes.
bool drain_input(int fd, std::size_t& drained) noexcept;

/// Whether a close would throw away bytes of the peer, and so reset the connection under the answer just
/// sent: one look without waiting.
bool has_bytes_to_read(int fd) noexcept;

/// Makes the coming close() a reset.
void reset_on_close(int fd) noexcept;

} // namespace kvduel::servers
