#pragma once

#include "core/support/error.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::cli {

/// What the tables do with a value: each gives the function that checks it and calls `keep`. Errors are
/// kUsage without `where`, which the table fills in.
using Take = std::function<Outcome(const std::string&)>;

Take take_integer(std::uint64_t least, std::uint64_t most, std::function<void(std::uint64_t)> keep);
Take take_number(double least, double most, std::string_view unit, std::function<void(double)> keep);
Take take_text(std::function<void(std::string)> keep);
/// A comma list of ids, each once.
Take take_ids(std::function<void(std::vector<std::string>)> keep);
/// "0-2,5". Whether this process may run on them is judged by the run.
Take take_cpus(std::function<void(std::vector<int>)> keep);

/// "20000" for "20k", "1500000" for "1.5M": how a number with a multiplier is written out. Empty if it is not
/// such a number.
std::string without_multiplier(std::string_view text);

/// A usage error about a value.
Error bad_value(std::string what, std::string allowed);

/// The words of a command line of one's own (--contender): split at spaces outside '...' and "..."; nothing
/// expands. None if a quote is not closed or there is no word.
std::optional<std::vector<std::string>> split_words(std::string_view text);

} // namespace kvduel::cli
