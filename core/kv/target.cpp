#include "core/kv/target.hpp"

#include "core/http/authority.hpp"
#include "core/http/character.hpp"

#include <algorithm>
#include <cstddef>

namespace kvduel::kv {

namespace {

Target split_path(std::string_view text, Target::Form form) noexcept {
    const std::size_t mark = text.find('?');
    if (mark == std::string_view::npos) return {form, text};
    return {form, text.substr(0, mark), text.substr(mark + 1)};
}

// RFC 9112 3.2.2, RFC 9110 4.2.1: "http://" authority path-abempty [ "?" query ]
Target parse_absolute(std::string_view text, http::Method method) noexcept {
    constexpr std::string_view kSlashes = "://";
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || !text.substr(colon).starts_with(kSlashes)) return {};
    const std::string_view scheme = text.substr(0, colon);
    const bool is_http = http::equals_ignoring_case(scheme, "http");
    if (!is_http && !http::equals_ignoring_case(scheme, "https")) return {};

    text.remove_prefix(colon + kSlashes.size());
    const std::size_t end = std::min(text.find_first_of("/?"), text.size());
    if (!http::is_valid_authority(text.substr(0, end))) return {};
    Target target = split_path(text.substr(end), is_http ? Target::Form::kPath : Target::Form::kHttps);
    if (!target.path.empty()) return target;
    // RFC 9110 4.2.3: an empty path is "/", but as the target of OPTIONS it is "*" (RFC 9112 3.2.4).
    const bool is_asterisk = is_http && method == http::Method::kOptions && end == text.size();
    if (is_asterisk) return {Target::Form::kAsterisk};
    target.path = "/";
    return target;
}

} // namespace

Target parse_target(std::string_view text, http::Method method) noexcept {
    using http::Method;
    if (method == Method::kConnect)
        return {http::is_valid_authority_with_port(text) ? Target::Form::kAuthority : Target::Form::kFaulty};
    if (text.starts_with('/')) return split_path(text, Target::Form::kPath);
    if (text == "*") return {method == Method::kOptions ? Target::Form::kAsterisk : Target::Form::kFaulty};
    return parse_absolute(text, method);
}

} // namespace kvduel::kv
