#include "harness/report/text/nearest_name.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace kvduel::report {
namespace {

constexpr std::size_t kLongestName = 64; // longer words are not slips of our names
constexpr std::size_t kLongestShown = 80;

// Optimal string alignment distance (Damerau 1964, without repeated edits of one place).
std::size_t edits(std::string_view from, std::string_view to) {
    std::vector<std::size_t> before_last(to.size() + 1);
    std::vector<std::size_t> last(to.size() + 1);
    std::vector<std::size_t> row(to.size() + 1);
    for (std::size_t j = 0; j <= to.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= from.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= to.size(); ++j) {
            const std::size_t change = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        std::swap(before_last, last);
        std::swap(last, row);
    }
    return last[to.size()];
}

} // namespace

std::optional<std::string> nearest_name(std::string_view given, std::span<const std::string_view> known) {
    if (given.empty() || given.size() > kLongestName) return std::nullopt;
    std::optional<std::string> nearest;
    std::size_t fewest = 3;
    for (const std::string_view name : known) {
        const std::size_t distance = edits(given, name);
        if (distance >= fewest || 2 * distance >= name.size()) continue;
        fewest = distance;
        nearest = std::string(name);
    }
    return nearest;
}

std::string quoted_list(std::span<const std::string_view> words) {
    std::string list;
    for (const std::string_view word : words) {
        if (!list.empty()) list += ", ";
        list += in_quotes(word);
    }
    return list;
}

std::string in_quotes(std::string_view text) {
    std::string shown = "\"";
    for (const char byte : text.substr(0, kLongestShown)) {
        const bool is_control = static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F;
        shown += is_control ? '?' : byte;
    }
    if (text.size() > kLongestShown) shown += "...";
    return shown + '"';
}

} // namespace kvduel::report
