#include "harness/cli/url.hpp"

#include "harness/report/text/nearest_name.hpp"

#include <arpa/inet.h>
#include <charconv>
#include <cstdint>
#include <optional>

namespace kvduel::cli {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr std::size_t kLongestUrl = 8'192;

Error bad_url(std::string_view text, std::string what) {
    return {ErrorKind::kUsage, report::in_quotes(text), std::move(what), "allowed: http://HOST:PORT/PATH"};
}

bool is_numeric_host(const std::string& host, int family) {
    in6_addr address{};
    return ::inet_pton(family, host.c_str(), &address) == 1;
}

/// Splits HOST off the front of `rest`; none if it is not an address or localhost.
std::optional<std::string> take_host(std::string_view& rest) {
    const bool is_bracketed = rest.starts_with('[');
    const std::size_t end = is_bracketed ? rest.find(']') : rest.find_first_of(":/?");
    if (is_bracketed && end == std::string_view::npos) return std::nullopt;
    const std::string host(rest.substr(is_bracketed ? 1 : 0, is_bracketed ? end - 1 : end));
    rest.remove_prefix(is_bracketed ? end + 1 : std::min(end, rest.size()));
    const bool is_good = is_bracketed ? is_numeric_host(host, AF_INET6)
                                      : host == "localhost" || is_numeric_host(host, AF_INET);
    return is_good ? std::optional(host) : std::nullopt;
}

} // namespace

Result<Url> parse_url(std::string_view text) {
    if (text.starts_with("https://")) return bad_url(text, "https is not spoken");
    if (!text.starts_with(kScheme) || text.size() > kLongestUrl) return bad_url(text, "not an http URL");
    for (const char byte : text)
        if (static_cast<unsigned char>(byte) <= ' ' || static_cast<unsigned char>(byte) > '~' || byte == '#')
            return bad_url(text, "a byte in it must be escaped");
    std::string_view rest = text.substr(kScheme.size());
    Url url;
    const std::optional<std::string> host = take_host(rest);
    if (!host) return bad_url(text, "its host is not localhost or a numeric address");
    url.target.host = *host;
    url.target.port = 80;
    if (rest.starts_with(':')) {
        const std::string_view digits =
            rest.substr(1, rest.find_first_of("/?") == std::string_view::npos ? std::string_view::npos
                                                                              : rest.find_first_of("/?") - 1);
        std::uint64_t port = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
        if (error != std::errc{} || end != digits.data() + digits.size() || port == 0 || port > 65'535)
            return bad_url(text, "its port is not a number from 1 to 65535");
        url.target.port = static_cast<std::uint16_t>(port);
        rest.remove_prefix(1 + digits.size());
    }
    if (!rest.empty() && !rest.starts_with('/')) return bad_url(text, "a path must follow the host");
    url.path = rest;
    return url;
}

} // namespace kvduel::cli
