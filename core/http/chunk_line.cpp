#include "core/http/chunk_line.hpp"

#include "core/http/character.hpp"

namespace kvduel::http {

namespace {
constexpr std::size_t kMaxSizeDigits = 16; // one more may pass 64 bits (contract, section 5, case 58)
} // namespace

ChunkLine::State ChunkLine::take(char c) noexcept {
    switch (part_) {
    case Part::kCarriageReturn: return c == '\n' ? State::kDone : State::kFaulty;
    case Part::kStart:
    case Part::kSize: part_ = after_size(c); break;
    case Part::kBlankBeforeSemicolon:
        // RFC 9112 7.1.1: BWS must lead to an extension, not to the CRLF.
        part_ = c == '\r' ? Part::kFault : after_extension(c);
        break;
    case Part::kSemicolon:
        if (!is_blank(c)) part_ = is_in(c, kTokenClass) ? Part::kName : Part::kFault;
        break;
    case Part::kName:
    case Part::kBlankAfterName: part_ = after_name(c); break;
    case Part::kEquals: part_ = after_equals(c); break;
    case Part::kToken: part_ = is_in(c, kTokenClass) ? Part::kToken : after_extension(c); break;
    case Part::kQuoted:
    case Part::kEscape: part_ = in_quotes(c); break;
    case Part::kQuotedEnd: part_ = after_extension(c); break;
    case Part::kFault: break;
    }
    if (part_ != Part::kCarriageReturn) ++bytes_;
    return part_ == Part::kFault ? State::kFaulty : State::kNeedMore;
}

ChunkLine::Part ChunkLine::after_size(char c) noexcept {
    if (is_in(c, kHexClass)) {
        if (size_bytes_ == kMaxSizeDigits) return Part::kFault;
        size_ = size_ * 16 + hex_value(c);
        ++size_bytes_;
        return Part::kSize;
    }
    return part_ == Part::kStart ? Part::kFault : after_extension(c);
}

ChunkLine::Part ChunkLine::after_name(char c) const noexcept {
    if (c == '=') return Part::kEquals;
    if (c == ';') return Part::kSemicolon;
    if (is_blank(c)) return Part::kBlankAfterName;
    if (part_ == Part::kBlankAfterName) return Part::kFault;
    if (is_in(c, kTokenClass)) return Part::kName;
    return c == '\r' ? Part::kCarriageReturn : Part::kFault;
}

ChunkLine::Part ChunkLine::after_equals(char c) const noexcept {
    if (is_blank(c)) return part_;
    if (c == '"') return Part::kQuoted;
    return is_in(c, kTokenClass) ? Part::kToken : Part::kFault;
}

ChunkLine::Part ChunkLine::in_quotes(char c) const noexcept {
    if (part_ == Part::kEscape) return is_control(c) && c != '\t' ? Part::kFault : Part::kQuoted;
    if (c == '"') return Part::kQuotedEnd;
    if (c == '\\') return Part::kEscape;
    return is_in(c, kQuotedClass) ? Part::kQuoted : Part::kFault;
}

ChunkLine::Part ChunkLine::after_extension(char c) noexcept {
    if (c == '\r') return Part::kCarriageReturn;
    if (c == ';') return Part::kSemicolon;
    return is_blank(c) ? Part::kBlankBeforeSemicolon : Part::kFault;
}

} // namespace kvduel::http
