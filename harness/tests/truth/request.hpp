#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace truth {

/// One request as its bytes say; the views point into the bytes it was read from.
struct Request {
    std::string_view method;
    std::string_view target;
    std::string_view body;
    std::size_t size = 0; ///< bytes of the whole request
    bool closes = false;  ///< "Connection: close"
};

/// A request that cannot be read costs its connection.
enum class ReadState : unsigned char { kWhole, kNeedMore, kBad };

/// Reads the request that `input` begins with: a request line, fields, and as many bytes as Content-Length
/// says. Bounded: a request over kMaxRequestBytes is bad.
inline constexpr std::size_t kMaxRequestBytes = 2 << 20;
ReadState read_request(std::string_view input, Request& request);

} // namespace truth
