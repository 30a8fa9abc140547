#include "core/http/percent.hpp"

#include "core/http/character.hpp"

namespace kvduel::http {

namespace {

// Passes plain bytes and stops at the next escape, at `last`, or, with null, at a fault.
const char* find_escape(const char* at, const char* last) noexcept {
    for (; at != last && *at != '%'; ++at)
        if (!is_in(*at, kPathClass)) return nullptr;
    if (at == last) return at;
    const bool is_whole = last - at >= 3 && is_in(at[1], kHexClass) && is_in(at[2], kHexClass);
    return is_whole ? at : nullptr;
}

} // namespace

bool is_percent_encoded(std::string_view text) noexcept {
    const char* at = text.data();
    const char* const last = at + text.size();
    while (at != last) {
        at = find_escape(at, last);
        if (at == nullptr) return false;
        if (at != last) at += 3;
    }
    return true;
}

bool percent_decode(std::string_view text, std::string& out) {
    out.clear();
    const char* at = text.data();
    const char* const last = at + text.size();
    while (at != last) {
        const char* const escape = find_escape(at, last);
        if (escape == nullptr) return false;
        out.append(at, escape);
        at = escape;
        if (at == last) break;
        out.push_back(static_cast<char>(hex_value(at[1]) * 16 + hex_value(at[2])));
        at += 3;
    }
    return true;
}

} // namespace kvduel::http
