#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kvduel::report {

/// The name of `known` that a typing slip turned into `given`: at most two edits (a swap of neighbours is
/// one) and fewer than half of its letters. None if nothing is that near. Pure.
std::optional<std::string> nearest_name(std::string_view given, std::span<const std::string_view> known);

/// `"a", "b"`: the words as messages list them.
std::string quoted_list(std::span<const std::string_view> words);

/// The text between double quotes, fit to print: control bytes as `?`, cut after 80 bytes with `...`.
std::string in_quotes(std::string_view text);

} // namespace kvduel::report
