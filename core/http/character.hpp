#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace kvduel::http {

/// Which grammar rules a byte may take part in; one table look-up answers any of them.
enum CharacterClass : std::uint8_t {
    kTokenClass = 1U << 0U,  ///< tchar, RFC 9110 5.6.2
    kTargetClass = 1U << 1U, ///< any byte of a URI but "#": RFC 3986 appendix A, RFC 9112 3.2
    kPathClass = 1U << 2U,   ///< pchar, "/" and, in a query, "?": RFC 3986 3.3, 3.4; "%" included
    kHostClass = 1U << 3U,   ///< unreserved and sub-delims: RFC 3986 3.2.2
    kQuotedClass = 1U << 4U, ///< qdtext, RFC 9110 5.6.4
    kHexClass = 1U << 5U,    ///< HEXDIG in either case
};

namespace detail {

constexpr std::array<std::uint8_t, 256> make_character_classes() {
    std::array<std::uint8_t, 256> classes{};
    const auto mark = [&classes](std::string_view characters, unsigned rules) {
        for (const char c : characters) {
            std::uint8_t& entry = classes[static_cast<unsigned char>(c)];
            entry = static_cast<std::uint8_t>(entry | rules);
        }
    };
    mark("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
         kTokenClass | kTargetClass | kPathClass | kHostClass);
    mark("-._~", kTargetClass | kPathClass | kHostClass);
    mark("!$&'()*+,;=", kTargetClass | kPathClass | kHostClass);
    mark(":@/?%", kTargetClass | kPathClass);
    mark("[]", kTargetClass);
    mark("!#$%&'*+-.^_`|~", kTokenClass);
    mark("0123456789abcdefABCDEF", kHexClass);
    for (unsigned byte = 0; byte < 256; ++byte) {
        const bool is_text = byte == '\t' || (byte >= 0x20 && byte != 0x7F);
        if (is_text && byte != '"' && byte != '\\')
            classes[byte] = static_cast<std::uint8_t>(classes[byte] | kQuotedClass);
    }
    return classes;
}

inline constexpr std::array<std::uint8_t, 256> kCharacterClasses = make_character_classes();

} // namespace detail

constexpr bool is_in(char c, unsigned rules) noexcept {
    return (detail::kCharacterClasses[static_cast<unsigned char>(c)] & rules) != 0;
}

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

constexpr bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

/// CTL of RFC 5234: 00-1F and 7F.
constexpr bool is_control(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

/// The value of a byte of kHexClass.
constexpr unsigned hex_value(char c) noexcept {
    return static_cast<unsigned>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
}

/// `lower` must be in lower case; only ASCII letters fold.
constexpr bool equals_ignoring_case(std::string_view text, std::string_view lower) noexcept {
    if (text.size() != lower.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c) != lower[i]) return false;
    }
    return true;
}

/// The first byte of [first, last) that is in none of `rules`, or `last`.
inline const char* skip_class(const char* first, const char* last, unsigned rules) noexcept {
    while (first != last && is_in(*first, rules)) ++first;
    return first;
}

/// The first control byte of [first, last), or `last`; eight bytes a step.
inline const char* find_control(const char* first, const char* last) noexcept {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    constexpr std::uint64_t kHigh = 0x8080808080808080;
    while (last - first >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, first, sizeof word);
        // Bit tricks "haszero" and "hasless" of Anderson's collection: exact as long as the question is
        // "any?".
        const std::uint64_t del = word ^ (0x7F * kOnes);
        const std::uint64_t hits = ((word - 0x20 * kOnes) & ~word) | ((del - kOnes) & ~del);
        if ((hits & kHigh) != 0) break;
        first += 8;
    }
    while (first != last && !is_control(*first)) ++first;
    return first;
}

/// `text` without blanks at either end (OWS of RFC 9110 5.6.3).
constexpr std::string_view trim_blanks(std::string_view text) noexcept {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

} // namespace kvduel::http
