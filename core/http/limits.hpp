#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace kvduel::http {

/// The bounds of the contract, section 2. Constants have no flag; the rest follow the two that have one.
struct Limits {
    static constexpr std::size_t kMaxHeaderSectionBytes = 16'384;
    static constexpr std::size_t kMaxFields = 100;
    static constexpr std::size_t kMaxChunkLineBytes = 4'096;
    static constexpr std::size_t kMaxChunkExtensionBytes = 16'384; ///< all extensions of one body
    static constexpr std::size_t kMaxTrailerBytes = 8'192;
    static constexpr std::size_t kMaxTrailerFields = 100;

    std::size_t max_key_bytes = 8'192;
    std::size_t max_value_bytes = 1'048'576;

    /// Any stored key can be read fully escaped.
    constexpr std::size_t max_request_line_bytes() const {
        return std::max<std::size_t>(8'192, 3 * max_key_bytes + 256);
    }
    /// Leading CRLF, request-line and field section: what a connection's input must be able to hold.
    constexpr std::size_t max_head_bytes() const {
        return 2 + max_request_line_bytes() + 2 + kMaxHeaderSectionBytes + 2;
    }
    /// POST carries key=value.
    constexpr std::uint64_t max_post_body_bytes() const { return max_key_bytes + 1 + max_value_bytes; }
};

} // namespace kvduel::http
