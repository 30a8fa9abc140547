#pragma once

#include <cstdint>
#include <string_view>

namespace kvduel::report {

/// The shapes of texts that the schema of the report and the suite prescribe.
enum class TextPattern : std::uint8_t {
    kAny,
    kNotEmpty,
    kId,     ///< [A-Za-z0-9._-]{1,64}, no leading dot: paths are built from these alone
    kTime,   ///< RFC 3339 in UTC, ends in Z
    kGitSha, ///< 40 hex digits or "unknown"
    kSha256, ///< 64 hex digits
    kHex16,  ///< 16 hex digits
    kCode,   ///< [a-z][a-z0-9_]*: codes of warnings
};

/// Pure; any bytes.
bool matches(TextPattern pattern, std::string_view text);

/// "an id of 1 to 64 letters ...": what `pattern` allows, for messages.
std::string_view what_is_allowed(TextPattern pattern);

} // namespace kvduel::report
