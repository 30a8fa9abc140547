#pragma once

#include <cstddef>
#include <cstdint>

namespace kvduel::http {

/// Judges one chunk-size line, byte by byte: chunk-size [ chunk-ext ] CRLF (RFC 9112 7.1, 7.1.1). Keeps no
/// byte; extensions are checked and dropped. Any fault is a 400 that closes. Not thread-safe.
class ChunkLine {
public:
    enum class State : std::uint8_t { kNeedMore, kDone, kFaulty };

    /// Once kDone or kFaulty, call no more.
    State take(char c) noexcept;

    std::uint64_t size() const noexcept { return size_; }                         ///< with kDone
    std::size_t line_bytes() const noexcept { return bytes_; }                    ///< without CRLF, so far
    std::size_t extension_bytes() const noexcept { return bytes_ - size_bytes_; } ///< so far

private:
    /// What came last; the names are the grammar's.
    enum class Part : std::uint8_t {
        kStart,
        kSize,
        kBlankBeforeSemicolon,
        kSemicolon,
        kName,
        kBlankAfterName,
        kEquals,
        kToken,
        kQuoted,
        kEscape,
        kQuotedEnd,
        kCarriageReturn,
        kFault,
    };

    Part after_size(char c) noexcept;
    Part after_name(char c) const noexcept;
    Part after_equals(char c) const noexcept;
    Part in_quotes(char c) const noexcept;
    static Part after_extension(char c) noexcept;

    std::uint64_t size_ = 0;
    std::size_t bytes_ = 0;
    std::size_t size_bytes_ = 0;
    Part part_ = Part::kStart;
};

} // namespace kvduel::http
