#include "harness/report/text/shell_word.hpp"

namespace kvduel::report {

std::string shell_word(std::string_view text) {
    constexpr std::string_view kSafe =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=@%+,-";
    if (!text.empty() && text.find_first_not_of(kSafe) == std::string_view::npos) return std::string(text);
    std::string word = "'";
    for (const char c : text) {
        if (c == '\'') {
            word += "'\\''"; // ends the quotes, adds one, begins them again
        } else {
            word += c;
        }
    }
    return word + "'";
}

} // namespace kvduel::report
