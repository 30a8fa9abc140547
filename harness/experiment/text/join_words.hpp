#pragma once

#include <string>
#include <vector>

namespace kvduel::experiment {

/// "a, b, c"
inline std::string join_words(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text.append(text.empty() ? "" : ", ").append(word);
    return text;
}

} // namespace kvduel::experiment
