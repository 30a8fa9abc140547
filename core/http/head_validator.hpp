#pragma once

#include "core/http/field_section.hpp"
#include "core/http/limits.hpp"
#include "core/http/refusal.hpp"
#include "core/http/request_line.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kvduel::http {

/// The grammar of a request head, line by line, before any parser sees it: one pass, whatever the
/// segmentation (contract, sections 1 and 4). It names the errors; Beast behind it only cuts the fields.
/// Not thread-safe; no allocation.
class HeadValidator {
public:
    enum class State : std::uint8_t { kNeedMore, kWhole, kRefused };

    explicit HeadValidator(const Limits& limits) noexcept;

    /// `bytes` starts at the request's first byte and holds all that came since. kRefused and kWhole are
    /// final: call no more.
    State advance(std::string_view bytes) noexcept;

    /// With kRefused. Closes always; head_only when the line began with "HEAD ".
    const Refusal& refusal() const noexcept { return refusal_; }

    /// With kWhole: where the request-line begins (after one CRLF, which is skipped), where its minor
    /// version digit is, and where the head ends.
    std::size_t start() const noexcept { return start_; }
    std::size_t minor_version_at() const noexcept { return start_ + line_.size() - 1; }
    std::size_t size() const noexcept { return scanned_; }

private:
    enum class Part : std::uint8_t { kStart, kRequestLine, kFields };

    State skip_leading_crlf(std::string_view bytes) noexcept;
    State read_request_line(std::string_view bytes) noexcept;
    State read_fields(std::string_view bytes) noexcept;
    State refuse(std::string_view bytes, Status status) noexcept;

    RequestLine line_;
    FieldSection fields_{Limits::kMaxHeaderSectionBytes, Limits::kMaxFields};
    std::size_t start_ = 0;
    std::size_t scanned_ = 0; ///< bytes of the head that the field section has used
    Part part_ = Part::kStart;
    Refusal refusal_;
};

} // namespace kvduel::http
