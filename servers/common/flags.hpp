#pragma once

#include "core/support/error.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::servers {

/// One flag of a program: a row of its table. Every flag takes one value and may be given once.
struct Flag {
    std::string name;  ///< "--threads"
    std::string value; ///< what --help calls its value: "N", "HOST:PORT"
    std::string help;  ///< purpose and default
    Outcome (*set)(void* options, std::string_view flag, std::string_view text);
};

/// What the command line asked for besides options.
enum class CommandLine : std::uint8_t {
    kRun,
    kAnswered, ///< --help or --version was printed to stdout: exit 0
};

/// Reads argv by the table into `options`. kUsage names flag, value and what is allowed, and leaves `options`
/// unspecified.
Result<CommandLine> parse_command_line(int argc, const char* const* argv, std::string_view program,
                                       std::string_view purpose, std::span<const Flag> flags, void* options);

/// A whole number from `least` to `most`; the error says so.
Result<std::uint64_t> parse_number(std::string_view flag, std::string_view text, std::uint64_t least,
                                   std::uint64_t most);

/// The index of `text` among `words`; the error lists them.
Result<std::size_t> parse_word(std::string_view flag, std::string_view text,
                               std::span<const std::string_view> words);

} // namespace kvduel::servers
