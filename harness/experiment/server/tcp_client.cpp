#include "harness/experiment/server/tcp_client.hpp"

#include "core/http/response_parser.hpp"
#include "harness/load/address.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace kvduel::experiment {

namespace {

constexpr http::ResponseLimits kPageLimits{.max_body_bytes = 1 << 20, .kept_body_bytes = 1 << 20};

Error unavailable(const load::Target& target, std::string what) {
    return Error{ErrorKind::kUnavailable, target.host + ":" + std::to_string(target.port), std::move(what),
                 ""};
}

/// Waits for `events`; false when `deadline` has passed.
bool await(const UniqueFd& socket, short events, TimePoint deadline) {
    for (;;) {
        const Duration left = deadline - Clock::now();
        if (left <= Duration::zero()) return false;
        pollfd waited{socket.get(), events, 0};
        const auto ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
        if (::poll(&waited, 1, static_cast<int>(std::min<std::int64_t>(ms, 60'000))) > 0) return true;
    }
}

bool send_all(const UniqueFd& socket, std::string_view bytes, TimePoint deadline) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
        if (count < 0 && errno != EAGAIN && errno != EINTR) return false;
        if (count < 0 && errno == EAGAIN && !await(socket, POLLOUT, deadline)) return false;
    }
    return true;
}

} // namespace

Result<UniqueFd> connect_tcp(const load::Target& target, TimePoint deadline) {
    const Result<load::Address> address = load::make_address(target);
    if (!address) return unavailable(target, address.error().what);
    const auto* raw = reinterpret_cast<const sockaddr*>(&address->bytes);
    UniqueFd socket(::socket(raw->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket) return unavailable(target, std::strerror(errno));
    if (::connect(socket.get(), raw, address->size) != 0) {
        if (errno != EINPROGRESS) return unavailable(target, std::strerror(errno));
        if (!await(socket, POLLOUT, deadline)) return unavailable(target, "no connection in time");
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) return unavailable(target, std::strerror(error));
    }
    return socket;
}

Result<std::string> fetch_page(const load::Target& target, std::string_view path, TimePoint deadline) {
    const Result<UniqueFd> socket = connect_tcp(target, deadline);
    if (!socket) return socket.error();
    const std::string request = "GET " + std::string(path) +
                                " HTTP/1.1\r\nHost: " + load::make_address(target)->text +
                                "\r\nConnection: close\r\n\r\n";
    if (!send_all(*socket, request, deadline)) return unavailable(target, "took no request");
    http::ResponseParser parser(kPageLimits);
    parser.start(false);
    std::array<char, 16 * 1024> buffer;
    for (;;) {
        if (!await(*socket, POLLIN, deadline)) return unavailable(target, "no answer in time");
        const ssize_t count = ::recv(socket->get(), buffer.data(), buffer.size(), 0);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (count < 0) return unavailable(target, std::strerror(errno));
        if (count == 0 && !parser.finish()) return unavailable(target, "closed within its answer");
        const std::string_view received(buffer.data(), static_cast<std::size_t>(count));
        const auto state = count == 0 ? http::ResponseParser::State::kDone : parser.parse(received).state;
        if (state == http::ResponseParser::State::kNeedMore) continue;
        if (state == http::ResponseParser::State::kFault)
            return unavailable(target, "no sound answer: " + std::string(parser.fault()));
        const http::Response& answer = parser.response();
        if (answer.status != 200) return unavailable(target, "answered " + std::to_string(answer.status));
        return std::string(answer.body);
    }
}

std::uint16_t find_free_port() {
    const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    if (!socket || ::bind(socket.get(), raw, size) != 0) return 0;
    if (::getsockname(socket.get(), raw, &size) != 0) return 0;
    return ntohs(address.sin_port);
}

} // namespace kvduel::experiment
