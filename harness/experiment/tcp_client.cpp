#include "harness/experiment/tcp_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>

namespace kvduel::experiment {

namespace {

constexpr std::size_t kMaxHeadBytes = 16 * 1024;
constexpr std::size_t kMaxBodyBytes = 1 << 20;

Error unavailable(const load::Target& target, std::string what) {
    return Error{ErrorKind::kUnavailable, target.host + ":" + std::to_string(target.port), std::move(what),
                 ""};
}

struct Address {
    sockaddr_storage storage{};
    socklen_t length = 0;
};

std::optional<Address> parse_address(const load::Target& target) {
    const std::string host = target.host == "localhost" ? "127.0.0.1" : target.host;
    Address address;
    sockaddr_in v4{};
    if (::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(target.port);
        std::memcpy(&address.storage, &v4, sizeof v4);
        address.length = sizeof v4;
        return address;
    }
    sockaddr_in6 v6{};
    if (::inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) != 1) return std::nullopt;
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(target.port);
    std::memcpy(&address.storage, &v6, sizeof v6);
    address.length = sizeof v6;
    return address;
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

bool equals_ignoring_case(std::string_view left, std::string_view right) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [&](char a, char b) { return lower(a) == lower(b); });
}

/// The one Content-Length of a head; absent if there is none, or it is not a number we take.
std::optional<std::size_t> content_length(std::string_view head) {
    std::optional<std::size_t> length;
    for (std::size_t line_end = head.find("\r\n"); line_end != std::string_view::npos;
         line_end = head.find("\r\n")) {
        head.remove_prefix(line_end + 2);
        const std::string_view line = head.substr(0, head.find("\r\n"));
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || !equals_ignoring_case(line.substr(0, colon), "content-length"))
            continue;
        std::string_view digits = line.substr(colon + 1);
        while (!digits.empty() && digits.front() == ' ') digits.remove_prefix(1);
        std::size_t value = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (error != std::errc{} || end != digits.data() + digits.size() || length) return std::nullopt;
        if (value > kMaxBodyBytes) return std::nullopt;
        length = value;
    }
    return length;
}

/// Where a page stands after `received` bytes: its body, the need for more (absent), or an error.
Result<std::optional<std::string>> take_page(const load::Target& target, const std::string& received) {
    const std::size_t head_end = received.find("\r\n\r\n");
    if (head_end == std::string::npos) {
        if (received.size() > kMaxHeadBytes) return unavailable(target, "the head of its answer has no end");
        return std::optional<std::string>();
    }
    const std::string_view head = std::string_view(received).substr(0, head_end);
    const std::string_view status_line = head.substr(0, head.find("\r\n"));
    if (!status_line.starts_with("HTTP/1.1 200"))
        return unavailable(target, "answered \"" + std::string(status_line.substr(0, 60)) + "\"");
    const std::optional<std::size_t> length = content_length(head);
    if (!length) return unavailable(target, "answered without a Content-Length up to 1 MiB");
    const std::size_t body_begin = head_end + 4;
    if (received.size() - body_begin < *length) return std::optional<std::string>();
    return std::optional<std::string>(received.substr(body_begin, *length));
}

} // namespace

Result<UniqueFd> connect_tcp(const load::Target& target, TimePoint deadline) {
    const std::optional<Address> address = parse_address(target);
    if (!address) return unavailable(target, "not a numeric address or \"localhost\"");
    const auto* raw = reinterpret_cast<const sockaddr*>(&address->storage);
    UniqueFd socket(::socket(raw->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket) return unavailable(target, std::strerror(errno));
    if (::connect(socket.get(), raw, address->length) != 0) {
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
    const bool is_v6 = target.host.find(':') != std::string::npos;
    const std::string host = is_v6 ? "[" + target.host + "]" : target.host;
    const std::string request = "GET " + std::string(path) + " HTTP/1.1\r\nHost: " + host + ":" +
                                std::to_string(target.port) + "\r\nConnection: close\r\n\r\n";
    if (!send_all(*socket, request, deadline)) return unavailable(target, "took no request");
    std::string received;
    std::array<char, 16 * 1024> buffer;
    for (;;) {
        Result<std::optional<std::string>> page = take_page(target, received);
        if (!page) return page.error();
        if (*page) return **page;
        if (!await(*socket, POLLIN, deadline)) return unavailable(target, "no answer in time");
        const ssize_t count = ::recv(socket->get(), buffer.data(), buffer.size(), 0);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (count < 0) return unavailable(target, std::strerror(errno));
        if (count == 0) return unavailable(target, "closed within its answer");
        received.append(buffer.data(), static_cast<std::size_t>(count));
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
