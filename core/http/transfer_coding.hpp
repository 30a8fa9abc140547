#pragma once

#include <cstdint>
#include <string_view>

namespace kvduel::http {

enum class TransferCoding : std::uint8_t {
    kChunked, ///< `chunked` alone, the one coding we decode
    kUnknown, ///< well formed, but with a coding of somebody else's: 501
    kFaulty,  ///< an empty or ill-formed list, or `chunked` repeated, not last or with parameters: 400
};

/// Judges the value of the one Transfer-Encoding field (RFC 9112 6.1, 7; contract, section 3). Empty list
/// elements are passed over (RFC 9110 5.6.1.2). Pure.
TransferCoding judge_transfer_encoding(std::string_view value) noexcept;

} // namespace kvduel::http
