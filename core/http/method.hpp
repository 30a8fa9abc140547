#pragma once

#include <cstdint>
#include <string_view>

namespace kvduel::http {

/// Methods are case-sensitive (RFC 9110 9.1): "get" is kUnknown.
enum class Method : std::uint8_t {
    kGet,
    kHead,
    kPost,
    kPut,
    kDelete,
    kOptions,
    kPatch,
    kTrace,
    kConnect,
    kUnknown
};

Method parse_method(std::string_view token) noexcept;

/// Which methods a route allows; also the value of Allow.
enum class Allow : std::uint8_t {
    kNone, ///< the answer carries no Allow
    kRoot, ///< GET, HEAD, POST, OPTIONS
    kKey,  ///< GET, HEAD, PUT, DELETE, OPTIONS
    kPage, ///< GET, HEAD, OPTIONS
    kAny,  ///< OPTIONS *: GET, HEAD, POST, PUT, DELETE, OPTIONS
};

std::string_view allow_text(Allow allow) noexcept;

} // namespace kvduel::http
