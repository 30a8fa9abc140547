#pragma once

#include "core/http/status.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kvduel::http {

/// Judges the grammar of a run of field lines and the blank line that ends it (RFC 9112 5, 7.1.2), in any
/// segmentation: header sections and trailer sections alike. Keeps no byte and no view, so the caller may
/// drop what was used. Not thread-safe; no allocation.
///
/// Events are taken in byte order: NUL, bare LF and bare CR on sight, 400; one byte over the size, 431; at
/// each line's CRLF its count, 431, then its grammar, 400. obs-fold is a line without a name.
class FieldSection {
public:
    enum class State : std::uint8_t { kNeedMore, kDone, kRefused };

    /// `max_bytes` counts every line with its CRLF, but not the blank line.
    FieldSection(std::size_t max_bytes, std::size_t max_fields) noexcept
        : max_bytes_(max_bytes), max_fields_(max_fields) {}

    /// Takes the next bytes and returns how many it used; all of them while it needs more.
    std::size_t advance(std::string_view bytes) noexcept;

    State state() const noexcept;
    /// With State::kRefused: 400 or 431.
    Status refusal() const noexcept { return refusal_; }

private:
    enum class Step : std::uint8_t { kLineStart, kName, kValue, kLineFeed, kLastLineFeed, kDone, kRefused };

    const char* read_name(const char* at, const char* last) noexcept;
    const char* read_value(const char* at, const char* last) noexcept;
    void take_odd_byte(char c) noexcept;
    void end_line(char c) noexcept;
    bool spend(std::size_t count) noexcept;
    void refuse(Status status) noexcept;

    std::size_t max_bytes_;
    std::size_t max_fields_;
    std::size_t bytes_ = 0;
    std::size_t fields_ = 0;
    Step step_ = Step::kLineStart;
    bool has_name_ = false;
    bool is_faulty_ = false; ///< the line breaks the grammar: said when its CRLF is there
    Status refusal_ = Status::kBadRequest;
};

} // namespace kvduel::http
