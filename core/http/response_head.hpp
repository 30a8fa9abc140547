#pragma once

#include "core/http/method.hpp"
#include "core/http/status.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace kvduel::http {

enum class ContentType : std::uint8_t {
    kNone,
    kText,       ///< text/plain; charset=utf-8
    kOctets,     ///< application/octet-stream, with X-Content-Type-Options: nosniff
    kJson,       ///< application/json
    kPrometheus, ///< text/plain; version=0.0.4; charset=utf-8
};

enum class ConnectionField : std::uint8_t { kNone, kClose, kKeepAlive };

/// What the head of a final answer says. Retry-After goes with every 503; 204 has no Content-Length.
struct ResponseHead {
    Status status = Status::kOk;
    ContentType content_type = ContentType::kNone;
    std::uint64_t content_length = 0;
    ConnectionField connection = ConnectionField::kNone;
    Allow allow = Allow::kNone;
};

/// "Sun, 06 Nov 1994 08:49:37 GMT": IMF-fixdate, 29 bytes (RFC 9110 5.6.7).
using DateText = std::array<char, 29>;

/// `unix_seconds` in IMF-fixdate. Pure; years 1970 to 9999.
DateText format_date(std::int64_t unix_seconds) noexcept;

/// No head is longer, whatever its parts.
inline constexpr std::size_t kMaxResponseHeadBytes = 512;

/// Writes the head, final CRLF included, and returns its length. Built from constant parts; no allocation.
std::size_t write_response_head(std::span<char, kMaxResponseHeadBytes> out, const ResponseHead& head,
                                const DateText& date) noexcept;

/// The interim answer to Expect: 100-continue, whole.
inline constexpr std::string_view kContinueResponse = "HTTP/1.1 100 Continue\r\n\r\n";

} // namespace kvduel::http
