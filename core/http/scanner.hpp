#pragma once

#include "core/http/character.hpp"

#include <cstddef>
#include <string_view>

namespace kvduel::http {

/// Walks over a field value by the small grammar that lists and parameters share (RFC 9110 5.6). A view and
/// nothing else.
class Scanner {
public:
    explicit Scanner(std::string_view text) noexcept : rest_(text) {}

    bool is_at_end() const noexcept { return rest_.empty(); }

    void skip_blanks() noexcept {
        while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
    }

    /// Passes `c` if it is next.
    bool take(char c) noexcept {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }

    /// The longest token here; empty when there is none.
    std::string_view take_token() noexcept {
        const char* const first = rest_.data();
        const char* const last = first + rest_.size();
        const auto size = static_cast<std::size_t>(skip_class(first, last, kTokenClass) - first);
        const std::string_view token = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return token;
    }

    /// Passes one whole quoted-string; false if there is none, and then the place is lost.
    bool take_quoted_string() noexcept {
        if (!take('"')) return false;
        while (!take('"')) {
            const bool is_escaped = take('\\');
            if (rest_.empty()) return false;
            const char c = rest_.front();
            if (is_escaped ? is_control(c) && c != '\t' : !is_in(c, kQuotedClass)) return false;
            rest_.remove_prefix(1);
        }
        return true;
    }

    /// The rest up to the next comma, trimmed, the comma passed: one element of a list without quoting.
    std::string_view take_element() noexcept {
        const std::size_t comma = rest_.find(',');
        const std::string_view element = trim_blanks(rest_.substr(0, comma));
        rest_.remove_prefix(comma == std::string_view::npos ? rest_.size() : comma + 1);
        return element;
    }

private:
    std::string_view rest_;
};

} // namespace kvduel::http
