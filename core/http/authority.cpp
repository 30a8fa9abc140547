#include "core/http/authority.hpp"

#include "core/http/character.hpp"

#include <algorithm>
#include <cstddef>

namespace kvduel::http {

namespace {

// RFC 3986 3.2.2: reg-name, which an IPv4address also is.
bool is_reg_name(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_in(text[i], kHostClass)) continue;
        if (text[i] != '%' || text.size() - i < 3) return false;
        if (!is_in(text[i + 1], kHexClass) || !is_in(text[i + 2], kHexClass)) return false;
        i += 2;
    }
    return true;
}

// RFC 3986 3.2.2: dec-octet, four times.
bool is_ipv4_address(std::string_view text) noexcept {
    for (int octet = 0; octet < 4; ++octet) {
        const std::size_t size = std::min(text.find('.'), text.size());
        const std::string_view digits = text.substr(0, size);
        if (digits.empty() || digits.size() > 3 || !std::all_of(digits.begin(), digits.end(), is_digit))
            return false;
        if (digits.size() > 1 && digits.front() == '0') return false;
        if (digits.size() == 3 && digits > "255") return false;
        text.remove_prefix(size);
        if (octet == 3) return text.empty();
        if (text.empty()) return false;
        text.remove_prefix(1);
    }
    return false;
}

// RFC 3986 3.2.2: IPv6address: eight groups, the last two perhaps as IPv4, one run of them perhaps as "::".
bool is_ipv6_address(std::string_view text) noexcept {
    int groups = 0;
    bool is_elided = text.starts_with("::");
    if (is_elided) text.remove_prefix(2);
    while (!text.empty()) {
        const std::size_t size = std::min(text.find(':'), text.size());
        const std::string_view group = text.substr(0, size);
        text.remove_prefix(size);
        if (text.empty() && group.find('.') != std::string_view::npos) {
            if (!is_ipv4_address(group)) return false;
            groups += 2;
            break;
        }
        if (group.empty() || group.size() > 4) return false;
        if (!std::all_of(group.begin(), group.end(), [](char c) { return is_in(c, kHexClass); }))
            return false;
        ++groups;
        if (text.empty()) break;
        if (text.starts_with("::")) {
            if (is_elided) return false;
            is_elided = true;
            text.remove_prefix(2);
        } else {
            text.remove_prefix(1);
            if (text.empty()) return false; // a colon must be followed by something
        }
    }
    return is_elided ? groups <= 7 : groups == 8;
}

// RFC 3986 3.2.2: IPvFuture.
bool is_ip_future(std::string_view text) noexcept {
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos || dot < 2 || (text[0] != 'v' && text[0] != 'V')) return false;
    const std::string_view version = text.substr(1, dot - 1);
    const std::string_view address = text.substr(dot + 1);
    return !address.empty() &&
           std::all_of(version.begin(), version.end(), [](char c) { return is_in(c, kHexClass); }) &&
           std::all_of(address.begin(), address.end(),
                       [](char c) { return c == ':' || is_in(c, kHostClass); });
}

bool is_host(std::string_view text) noexcept {
    if (!text.starts_with('[')) return !text.empty() && is_reg_name(text);
    if (!text.ends_with(']')) return false;
    const std::string_view literal = text.substr(1, text.size() - 2);
    return is_ipv6_address(literal) || is_ip_future(literal);
}

} // namespace

bool is_valid_authority(std::string_view text) noexcept {
    // The port's colon comes after the bracket of a literal; no other host has a colon.
    const std::size_t host_end = text.starts_with('[') ? text.find(']') : 0;
    if (host_end == std::string_view::npos) return false;
    const std::size_t colon = text.find(':', host_end);
    if (colon == std::string_view::npos) return is_host(text);
    const std::string_view port = text.substr(colon + 1);
    return is_host(text.substr(0, colon)) && std::all_of(port.begin(), port.end(), is_digit);
}

bool is_valid_authority_with_port(std::string_view text) noexcept {
    return is_valid_authority(text) && text.find(':') != std::string_view::npos && is_digit(text.back());
}

} // namespace kvduel::http
