#pragma once

#include "core/http/head_validator.hpp"
#include "core/http/limits.hpp"
#include "core/http/method.hpp"
#include "core/http/refusal.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

namespace kvduel::http {

/// How the body is delimited; decided here, never by Beast (contract, section 4).
enum class Framing : std::uint8_t { kNone, kLength, kChunked };

enum class Expectation : std::uint8_t { kNone, kContinue, kUnknown };

/// A request head that passed every check that needs no route. Views point into the bytes given to
/// HeadReader::read.
struct Head {
    Method method = Method::kUnknown;
    std::string_view target;  ///< as sent: any of the four forms, bytes already checked
    bool is_http_1_0 = false; ///< 1.1 to 1.9 count as 1.1
    bool keeps_alive = true;  ///< by version and Connection; the server may still close
    Framing framing = Framing::kNone;
    std::uint64_t content_length = 0;             ///< with Framing::kLength
    Expectation expectation = Expectation::kNone; ///< always kNone for HTTP/1.0
    std::size_t size = 0; ///< bytes the head took, a leading CRLF and the final CRLF included
};

using HeadResult = std::variant<NeedMore, Head, Refusal>;

/// Judges one request head as its bytes arrive, so that nothing waits for a deadline that is wrong already
/// and segmentation never changes an answer (contract, section 1). Not thread-safe; no allocation, no I/O.
///
/// The order of the verdicts: request-line, then every field, each when its CRLF arrives (bare CR, bare LF
/// and NUL on sight); then, with the whole head there, Host, then framing. Everything from the target on is
/// for kv::route. Beast parses the accepted head (through a parser that keeps views only) and gives the
/// fields; a head that passes the validator and that Beast refuses is a 400 that closes.
class HeadReader {
public:
    explicit HeadReader(const Limits& limits) noexcept : limits_(limits), validator_(limits) {}

    /// `bytes` starts at the request's first byte and must hold all of it received so far; call again with
    /// more after NeedMore (the buffer may have moved). Work is linear in the bytes that are new. The one
    /// byte that may be rewritten is the minor version digit of HTTP/1.2 to 1.9, once the head is whole
    /// (Beast refuses them).
    HeadResult read(std::span<char> bytes) noexcept;

    /// Forgets the request; the next read() starts a new one.
    void reset() noexcept;

private:
    HeadResult judge(std::string_view text) const noexcept;

    Limits limits_;
    HeadValidator validator_;
};

} // namespace kvduel::http
