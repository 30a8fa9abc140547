#include "servers/common/socket.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace kvduel::servers {

ReceiveStatus receive_into(Conversation& conversation, Lane& lane, int fd, int flags,
                           TimePoint ready) noexcept {
    const std::span<char> space = conversation.receive_space(lane);
    if (space.empty()) return ReceiveStatus::kBroken;
    for (;;) {
        const ssize_t received = ::recv(fd, space.data(), space.size(), flags);
        if (received > 0) {
            conversation.received(static_cast<std::size_t>(received),
                                  ready == TimePoint{} ? Clock::now() : ready);
            return static_cast<std::size_t>(received) < space.size() ? ReceiveStatus::kReceived
                                                                     : ReceiveStatus::kFilled;
        }
        if (received == 0) return ReceiveStatus::kEnded;
        if (errno == EAGAIN) return ReceiveStatus::kEmpty;
        if (errno != EINTR) return ReceiveStatus::kBroken;
    }
}

bool drain_input(int fd, std::size_t& drained) noexcept {
    std::array<char, 16 * 1024> dropped;
    for (;;) {
        const ssize_t received = ::recv(fd, dropped.data(), dropped.size(), MSG_DONTWAIT);
        if (received > 0) {
            drained += static_cast<std::size_t>(received);
            if (drained > kMaxLingerBytes) return true;
        } else if (received == 0) {
            return true;
        } else if (errno != EINTR) {
            return errno != EAGAIN;
        }
    }
}

bool has_bytes_to_read(int fd) noexcept {
    char byte = 0;
    return ::recv(fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK) > 0;
}

void reset_on_close(int fd) noexcept {
    const linger now{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

} // namespace kvduel::servers
