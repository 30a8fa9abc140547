#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace kvduel::experiment {

/// The words of a line, between blanks. Pure, as below.
std::vector<std::string_view> words_of(std::string_view line);

/// The number that the whole word is, in decimal digits; absent if it is none.
std::optional<std::uint64_t> whole_number(std::string_view word);

} // namespace kvduel::experiment
