#include "servers/common/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <charconv>
#include <cstring>

namespace kvduel::servers {
namespace {

Error bad_address(std::string_view text) {
    return {ErrorKind::kUsage, "--listen " + std::string(text),
            "not an address; allowed: IPV4:PORT, [IPV6]:PORT, localhost:PORT", "port 0 picks a free one"};
}

bool parse_port(std::string_view text, std::uint16_t& port) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
    return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

} // namespace

bool Address::is_loopback() const noexcept {
    return host == "::1" || host.starts_with("127.");
}

std::string Address::text() const {
    return (is_ipv6() ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<Address> parse_address(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    Address address;
    if (colon == std::string_view::npos || !parse_port(text.substr(colon + 1), address.port))
        return bad_address(text);

    std::string_view host = text.substr(0, colon);
    if (host == "localhost") host = "127.0.0.1";
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    address.host = std::string(host);

    in6_addr unused{};
    const int family = bracketed ? AF_INET6 : AF_INET;
    if (::inet_pton(family, address.host.c_str(), &unused) != 1) return bad_address(text);
    return address;
}

SocketAddress socket_address(const Address& address) noexcept {
    SocketAddress result;
    if (address.is_ipv6()) {
        sockaddr_in6 in{};
        in.sin6_family = AF_INET6;
        in.sin6_port = htons(address.port);
        ::inet_pton(AF_INET6, address.host.c_str(), &in.sin6_addr);
        std::memcpy(&result.storage, &in, sizeof in);
        result.size = sizeof in;
    } else {
        sockaddr_in in{};
        in.sin_family = AF_INET;
        in.sin_port = htons(address.port);
        ::inet_pton(AF_INET, address.host.c_str(), &in.sin_addr);
        std::memcpy(&result.storage, &in, sizeof in);
        result.size = sizeof in;
    }
    return result;
}

} // namespace kvduel::servers
