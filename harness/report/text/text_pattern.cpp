#include "harness/report/text/text_pattern.hpp"

namespace kvduel::report {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kIdBytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
constexpr std::string_view kCodeBytes = "abcdefghijklmnopqrstuvwxyz0123456789_";

bool consists_of(std::string_view text, std::string_view allowed) {
    return text.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_hex(std::string_view text, std::size_t digits) {
    return text.size() == digits && consists_of(text, kHexDigits);
}

bool is_time(std::string_view text) {
    constexpr std::string_view kShape = "0000-00-00T00:00:00";
    if (text.size() <= kShape.size() || text.back() != 'Z') return false;
    for (std::size_t i = 0; i < kShape.size(); ++i) {
        const bool is_digit = kDigits.find(text[i]) != std::string_view::npos;
        if (kShape[i] == '0' ? !is_digit : text[i] != kShape[i]) return false;
    }
    const std::string_view fraction = text.substr(kShape.size(), text.size() - kShape.size() - 1);
    if (fraction.empty()) return true;
    return fraction.front() == '.' && fraction.size() >= 2 && fraction.size() <= 10 &&
           consists_of(fraction.substr(1), kDigits);
}

} // namespace

bool matches(TextPattern pattern, std::string_view text) {
    switch (pattern) {
    case TextPattern::kAny: return true;
    case TextPattern::kNotEmpty: return !text.empty();
    case TextPattern::kId:
        return !text.empty() && text.size() <= 64 && text.front() != '.' && consists_of(text, kIdBytes);
    case TextPattern::kTime: return is_time(text);
    case TextPattern::kGitSha: return text == "unknown" || is_hex(text, 40);
    case TextPattern::kSha256: return is_hex(text, 64);
    case TextPattern::kHex16: return is_hex(text, 16);
    case TextPattern::kCode:
        return !text.empty() && text.front() >= 'a' && text.front() <= 'z' && consists_of(text, kCodeBytes);
    }
    return false;
}

std::string_view what_is_allowed(TextPattern pattern) {
    switch (pattern) {
    case TextPattern::kAny: return "a text";
    case TextPattern::kNotEmpty: return "a text that is not empty";
    case TextPattern::kId: return "an id of 1 to 64 letters, digits, '.', '_' or '-', without a leading dot";
    case TextPattern::kTime: return "a time such as 2026-03-01T10:15:00.000Z";
    case TextPattern::kGitSha: return "40 hex digits or \"unknown\"";
    case TextPattern::kSha256: return "64 hex digits";
    case TextPattern::kHex16: return "16 hex digits";
    case TextPattern::kCode: return "a code of lower-case letters, digits and '_'";
    }
    return "a text";
}

} // namespace kvduel::report
