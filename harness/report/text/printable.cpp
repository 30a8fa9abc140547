#include "harness/report/text/printable.hpp"

#include <algorithm>
#include <cstddef>

namespace kvduel::report {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct ByteRange {
    unsigned least;
    unsigned most;
};

/// What may follow the first byte of a character of several (Unicode 15, table 3-7).
ByteRange second_byte(unsigned first) noexcept {
    switch (first) {
    case 0xE0: return {0xA0, 0xBF};
    case 0xED: return {0x80, 0x9F};
    case 0xF0: return {0x90, 0xBF};
    case 0xF4: return {0x80, 0x8F};
    default: return {0x80, 0xBF};
    }
}

/// The bytes of the character that `text`, not empty, begins with; 0 if it begins with none.
std::size_t character_size(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned>(static_cast<unsigned char>(text[i])) : 0U;
    };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first < 0xC2 || first > 0xF4) return 0;
    const auto [least, most] = second_byte(first);
    if (byte(1) < least || byte(1) > most) return 0;
    const std::size_t size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    for (std::size_t i = 2; i < size; ++i)
        if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
    return size;
}

bool is_control(std::string_view character) noexcept {
    const auto first = static_cast<unsigned char>(character.front());
    if (character.size() == 1) return first < 0x20 || first == 0x7F;
    return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

/// U+FFFE and U+FFFF (XML 1.0, section 2.2).
bool is_unknown_to_xml(std::string_view character) noexcept {
    return character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF";
}

} // namespace

std::string printable(std::string_view text) {
    std::string shown;
    while (!text.empty()) {
        const std::string_view character = text.substr(0, character_size(text));
        if (character.empty() || is_unknown_to_xml(character))
            shown += kReplacement;
        else if (is_control(character))
            shown += '?';
        else
            shown += character;
        text.remove_prefix(std::max<std::size_t>(character.size(), 1));
    }
    return shown;
}

std::string markdown_text(std::string_view text) {
    std::string shown;
    for (const char byte : printable(text)) {
        switch (byte) {
        case '&': shown += "&amp;"; break;
        case '<': shown += "&lt;"; break;
        case '>': shown += "&gt;"; break;
        default: shown += byte;
        }
    }
    return shown;
}

std::string markdown_code(std::string_view text) {
    const std::string shown = printable(text);
    std::size_t longest = 0;
    for (std::size_t i = 0, run = 0; i < shown.size(); ++i) {
        run = shown[i] == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const std::string fence(longest + 1, '`');
    const std::string_view space = longest == 0 ? "" : " "; // else a backtick at an end would join the fence
    return fence + std::string(space) + shown + std::string(space) + fence;
}

} // namespace kvduel::report
