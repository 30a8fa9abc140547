#pragma once

#include "core/http/status.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kvduel::http {

/// Judges one request-line (RFC 9112 3) as its bytes arrive. Not thread-safe; no allocation.
///
/// NUL, bare LF and bare CR are 400 on sight; one byte over the length is 414, or 400 while no SP has ended
/// the method; at the CRLF comes the grammar, 400, then the major version, 505.
class RequestLine {
public:
    enum class State : std::uint8_t { kNeedMore, kDone, kRefused };

    explicit RequestLine(std::size_t max_bytes) noexcept : max_bytes_(max_bytes) {}

    /// `line` starts at the line's first byte and holds all that came since; what was judged before is not
    /// looked at again. After kDone or kRefused, only the accessors may be called.
    State advance(std::string_view line) noexcept;

    /// With kRefused: 400, 414 or 505.
    Status refusal() const noexcept { return refusal_; }
    /// With kDone: bytes of the line, without its CRLF. Its last byte is the minor version.
    std::size_t size() const noexcept { return scanned_; }

private:
    enum class Part : std::uint8_t { kMethod, kTarget, kRest };

    const char* skip_part(const char* at, const char* last) const noexcept;
    void end_part(char c) noexcept;
    State judge(std::string_view line) noexcept;
    State refuse(Status status) noexcept;

    std::size_t max_bytes_;
    std::size_t scanned_ = 0;    ///< bytes that are behind us
    std::size_t part_start_ = 0; ///< where the part that is being read began
    Part part_ = Part::kMethod;
    bool is_faulty_ = false; ///< breaks the grammar: said when the CRLF is there
    Status refusal_ = Status::kBadRequest;
};

} // namespace kvduel::http
