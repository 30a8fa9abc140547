#pragma once

#include <string>
#include <string_view>

namespace kvduel::http {

/// Whether `text` is made of path or query bytes and whole percent-escapes (RFC 3986 2.1, 3.3, 3.4). Pure.
bool is_percent_encoded(std::string_view text) noexcept;

/// Decodes `text` once, "+" staying a plus, and makes the result `out`, which keeps its capacity. False,
/// leaving `out` undefined, when is_percent_encoded() is false. Throws std::bad_alloc.
bool percent_decode(std::string_view text, std::string& out);

} // namespace kvduel::http
