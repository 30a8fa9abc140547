#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kvduel::http {

/// What the head of a request says. The caller vouches for the parts: no control byte in any, no space in the
/// target.
struct RequestHead {
    std::string_view method;
    std::string_view target; ///< origin form, already escaped
    std::string_view host;   ///< with the port, as in the address
    std::optional<std::uint64_t> content_length;
    bool closes = false; ///< asks the server to close after its answer
};

/// The head, final CRLF included. Allocates: requests are written before the clock starts.
std::string write_request_head(const RequestHead& head);

} // namespace kvduel::http
