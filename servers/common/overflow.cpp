#include "servers/common/overflow.hpp"

#include "servers/common/socket.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

namespace kvduel::servers {
namespace {

// A 5xx may omit Date (RFC 9110 6.6.1), and this answer has no request to belong to.
constexpr std::string_view kAnswer = "HTTP/1.1 503 Service Unavailable\r\n"
                                     "Content-Type: text/plain; charset=utf-8\r\n"
                                     "Content-Length: 19\r\n"
                                     "Retry-After: 1\r\n"
                                     "Connection: close\r\n\r\n"
                                     "Service Unavailable";

} // namespace

void Overflow::tell(int fd) noexcept {
    ::send(fd, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::shutdown(fd, SHUT_WR);
}

void Overflow::turn_away(UniqueFd fd, TimePoint now) noexcept {
    tell(fd.get());
    const auto place = std::ranges::find_if(lingerers_, [](const Lingerer& one) { return !one.fd; });
    if (place == lingerers_.end()) return;
    epoll_event event{};
    event.events = EPOLLIN | EPOLLRDHUP;
    event.data.fd = fd.get();
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd.get(), &event) != 0) return;
    *place = Lingerer{std::move(fd), now + kLingerTime, 0};
}

void Overflow::ready(int fd) noexcept {
    std::array<char, 4096> dropped;
    const auto place =
        std::ranges::find_if(lingerers_, [fd](const Lingerer& one) { return one.fd.get() == fd; });
    if (place == lingerers_.end()) return;
    const ssize_t received = ::recv(fd, dropped.data(), dropped.size(), MSG_DONTWAIT);
    if (received < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (received > 0 && (place->dropped += static_cast<std::size_t>(received)) <= kMaxLingerBytes) return;
    place->fd.reset();
}

void Overflow::close_late(TimePoint now) noexcept {
    for (Lingerer& one : lingerers_) {
        if (one.fd && now >= one.until) one.fd.reset();
    }
}

} // namespace kvduel::servers
