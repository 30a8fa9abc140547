// accept, recv, send and the epoll_ctl that takes in a socket, as the tests order them: failing, aborted,
// interrupted or short. Only stream sockets are touched; for every other descriptor a call goes straight
// through.

#include "servers/tests/faults/plan.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

using namespace kvduel::faults;

namespace {

template <typename Function>
Function next(const char* name) noexcept {
    return reinterpret_cast<Function>(next_definition(name));
}

bool is_stream_socket(int fd) noexcept {
    const int saved = errno;
    int type = 0;
    socklen_t size = sizeof type;
    const bool is = ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
    errno = saved;
    return is;
}

struct Verdict {
    bool fails;
    std::size_t limit; ///< bytes that may pass
};

Verdict judge(Site site, int fd) noexcept {
    Orders* site_orders = is_stream_socket(fd) ? orders(site) : nullptr;
    if (!fires(site_orders)) return {.fails = false, .limit = SIZE_MAX};
    const auto error = static_cast<int>(site_orders->error.load());
    if (error == 0)
        return {.fails = false, .limit = static_cast<std::size_t>(site_orders->limit_bytes.load())};
    errno = error;
    return {.fails = true, .limit = 0};
}

/// The front of `pieces` that holds `limit` bytes: a vector of one, which is a short call like any other.
iovec shortened(const iovec* pieces, std::size_t limit) noexcept {
    return {.iov_base = pieces[0].iov_base, .iov_len = std::min(pieces[0].iov_len, limit)};
}

/// A connection that died in the queue is gone when the kernel says ECONNABORTED, so take it away.
int abort_accepted(int fd) noexcept {
    if (fd >= 0) ::close(fd);
    errno = ECONNABORTED;
    return -1;
}

/// True when this accept must fail; errno says how. ECONNABORTED must accept first.
bool refuses_accept(int& error) noexcept {
    Orders* accept_orders = orders(Site::kAccept);
    if (!fires(accept_orders)) return false;
    error = static_cast<int>(accept_orders->error.load());
    errno = error;
    return true;
}

} // namespace

extern "C" {

int accept(int fd, sockaddr* address, socklen_t* size) {
    static const auto real = next<decltype(&::accept)>("accept");
    int error = 0;
    if (!refuses_accept(error)) return real(fd, address, size);
    return error == ECONNABORTED ? abort_accepted(real(fd, address, size)) : -1;
}

int accept4(int fd, sockaddr* address, socklen_t* size, int flags) {
    static const auto real = next<decltype(&::accept4)>("accept4");
    int error = 0;
    if (!refuses_accept(error)) return real(fd, address, size, flags);
    return error == ECONNABORTED ? abort_accepted(real(fd, address, size, flags)) : -1;
}

ssize_t recv(int fd, void* buffer, std::size_t size, int flags) {
    static const auto real = next<decltype(&::recv)>("recv");
    const Verdict verdict = judge(Site::kReceive, fd);
    return verdict.fails ? -1 : real(fd, buffer, std::min(size, verdict.limit), flags);
}

ssize_t read(int fd, void* buffer, std::size_t size) {
    static const auto real = next<decltype(&::read)>("read");
    const Verdict verdict = judge(Site::kReceive, fd);
    return verdict.fails ? -1 : real(fd, buffer, std::min(size, verdict.limit));
}

ssize_t readv(int fd, const iovec* pieces, int count) {
    static const auto real = next<decltype(&::readv)>("readv");
    const Verdict verdict = judge(Site::kReceive, fd);
    if (verdict.fails) return -1;
    if (verdict.limit == SIZE_MAX || count < 1) return real(fd, pieces, count);
    const iovec front = shortened(pieces, verdict.limit);
    return real(fd, &front, 1);
}

ssize_t recvmsg(int fd, msghdr* message, int flags) {
    static const auto real = next<decltype(&::recvmsg)>("recvmsg");
    const Verdict verdict = judge(Site::kReceive, fd);
    if (verdict.fails) return -1;
    if (verdict.limit == SIZE_MAX || message->msg_iovlen < 1) return real(fd, message, flags);
    iovec front = shortened(message->msg_iov, verdict.limit);
    msghdr shorter = *message;
    shorter.msg_iov = &front;
    shorter.msg_iovlen = 1;
    return real(fd, &shorter, flags);
}

// With _FORTIFY_SOURCE the compiler calls these in place of recv and read.
ssize_t __recv_chk(int fd, void* buffer, std::size_t size, std::size_t, int flags) {
    return recv(fd, buffer, size, flags);
}

ssize_t __read_chk(int fd, void* buffer, std::size_t size, std::size_t) {
    return read(fd, buffer, size);
}

ssize_t send(int fd, const void* buffer, std::size_t size, int flags) {
    static const auto real = next<decltype(&::send)>("send");
    const Verdict verdict = judge(Site::kSend, fd);
    return verdict.fails ? -1 : real(fd, buffer, std::min(size, verdict.limit), flags);
}

ssize_t write(int fd, const void* buffer, std::size_t size) {
    static const auto real = next<decltype(&::write)>("write");
    const Verdict verdict = judge(Site::kSend, fd);
    return verdict.fails ? -1 : real(fd, buffer, std::min(size, verdict.limit));
}

ssize_t writev(int fd, const iovec* pieces, int count) {
    static const auto real = next<decltype(&::writev)>("writev");
    const Verdict verdict = judge(Site::kSend, fd);
    if (verdict.fails) return -1;
    if (verdict.limit == SIZE_MAX || count < 1) return real(fd, pieces, count);
    const iovec front = shortened(pieces, verdict.limit);
    return real(fd, &front, 1);
}

ssize_t sendmsg(int fd, const msghdr* message, int flags) {
    static const auto real = next<decltype(&::sendmsg)>("sendmsg");
    const Verdict verdict = judge(Site::kSend, fd);
    if (verdict.fails) return -1;
    if (verdict.limit == SIZE_MAX || message->msg_iovlen < 1) return real(fd, message, flags);
    iovec front = shortened(message->msg_iov, verdict.limit);
    msghdr shorter = *message;
    shorter.msg_iov = &front;
    shorter.msg_iovlen = 1;
    return real(fd, &shorter, flags);
}

int epoll_ctl(int epoll, int operation, int fd, epoll_event* event) {
    static const auto real = next<decltype(&::epoll_ctl)>("epoll_ctl");
    if (operation == EPOLL_CTL_ADD && judge(Site::kWatch, fd).fails) return -1;
    if (operation == EPOLL_CTL_MOD && judge(Site::kRearm, fd).fails) return -1;
    return real(epoll, operation, fd, event);
}

} // extern "C"
