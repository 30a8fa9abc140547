#pragma once

#include "core/support/error.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::cli {

/// A flag is a row of its command's table.
struct Flag {
    std::string name;        ///< "--duration"
    std::string placeholder; ///< "S"; empty: a switch without a value
    std::string help;
    /// Checks the value and keeps it. Its error says what is wrong and what is allowed; where is filled in.
    std::function<Outcome(const std::string& value)> take;
    bool may_repeat = false;
};

/// An argument without a name that a command takes.
struct Positional {
    std::string name; ///< "SUITE"; empty: the command takes none
    std::string help;
    std::function<Outcome(const std::string& value)> take;
    bool is_optional = false;
};

enum class Parsed { kGo, kHelpShown };

/// Reads the arguments after the command's name by its table; `positionals` come in their order. A flag that
/// is unknown (with the nearest name), twice, without its value or with a bad one is a kUsage error; --help
/// prints to stdout.
Result<Parsed> parse_command_line(std::string_view command, std::string_view summary,
                                  std::span<const Positional> positionals, std::span<const Flag> flags,
                                  std::span<const std::string> arguments);
/// For a command with one positional argument or, if that has no name, none.
Result<Parsed> parse_command_line(std::string_view command, std::string_view summary,
                                  const Positional& positional, std::span<const Flag> flags,
                                  std::span<const std::string> arguments);

} // namespace kvduel::cli
