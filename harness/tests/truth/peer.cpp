#include "harness/tests/truth/peer.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace truth {

namespace {

constexpr std::size_t kReadBytes = 64 * 1024;
constexpr int kMaxSends = 16; // of one peer before the others' turn

bool is_would_block(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

} // namespace

bool Peer::receive() {
    static std::array<char, kReadBytes> bytes; // one thread
    const ssize_t count = ::recv(fd(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count < 0) return is_would_block(errno);
    input_.append(bytes.data(), static_cast<std::size_t>(count));
    return count > 0;
}

bool Peer::send(Answer answer) {
    if (ending_ != Ending::kOpen) return true; // nothing follows a last answer
    output_ += answer.bytes;
    filler_ = std::move(answer.filler);
    ending_ = answer.ending;
    return flush();
}

bool Peer::flush() {
    for (int sends = 0; has_output(); ++sends) {
        if (sends == kMaxSends) return true; // the others' turn
        if (output_.empty()) output_ = filler_;
        const ssize_t sent = ::send(fd(), output_.data(), output_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0) return is_would_block(errno);
        output_.erase(0, static_cast<std::size_t>(sent));
    }
    if (ending_ == Ending::kReset) return end_by_reset();
    return ending_ != Ending::kClose;
}

/// The close that follows sends RST.
bool Peer::end_by_reset() const {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    return false;
}

} // namespace truth
