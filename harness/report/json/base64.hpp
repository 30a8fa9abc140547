#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kvduel::report {

/// Standard base64 with padding (RFC 4648 section 4). Pure.
std::string base64_encode(std::string_view bytes);

/// The bytes; none unless the text is exactly what base64_encode gives (padding whole, spare bits zero).
std::optional<std::string> base64_decode(std::string_view text);

} // namespace kvduel::report
