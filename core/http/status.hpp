#pragma once

#include <cstdint>
#include <string_view>

namespace kvduel::http {

/// Every status the servers send (contract, sections 1 to 3).
enum class Status : std::uint16_t {
    kContinue = 100,
    kOk = 200,
    kCreated = 201,
    kNoContent = 204,
    kBadRequest = 400,
    kNotFound = 404,
    kMethodNotAllowed = 405,
    kRequestTimeout = 408,
    kContentTooLarge = 413,
    kUriTooLong = 414,
    kExpectationFailed = 417,
    kMisdirectedRequest = 421,
    kRequestHeaderFieldsTooLarge = 431,
    kNotImplemented = 501,
    kServiceUnavailable = 503,
    kHttpVersionNotSupported = 505,
    kInsufficientStorage = 507,
};

/// The reason phrase of RFC 9110 or the RFC that registered the status; a constant string.
std::string_view reason(Status status) noexcept;

} // namespace kvduel::http
