#pragma once

#include "core/support/error.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace kvduel::servers {

/// One flag of a program: a row of its table. Every flag takes one value and may be given once.
struct Flag {
    std::string name;  ///< "--threads"
    std::string value; ///< what --help calls its value: "N", "HOST:PORT"
    std::string help;  ///< purpose and default
    std::function<Outcome(std::string_view flag, std::string_view text)> set;
};

/// What the command line asked for besides options.
enum class CommandLine : std::uint8_t {
    kRun,
    kAnswered, ///< --help or --version was printed to stdout: exit 0
};

/// Reads argv by the table, whose rows know where their values go. kUsage names flag, value and what is
/// allowed; rows may have set theirs by then.
Result<CommandLine> parse_command_line(int argc, const char* const* argv, std::string_view program,
                                       std::string_view purpose, std::span<const Flag> flags);

/// A whole number from `least` to `most`; the error says so.
Result<std::uint64_t> parse_number(std::string_view flag, std::string_view text, std::uint64_t least,
                                   std::uint64_t most);

/// A row whose value is a whole number from `least` to `most`, which goes to `place` of whatever width.
template <typename Number>
Flag number_flag(std::string name, std::string value, std::string help, std::uint64_t least,
                 std::uint64_t most, Number& place) {
    return {std::move(name), std::move(value), std::move(help),
            [=, &place](std::string_view flag, std::string_view text) -> Outcome {
                auto number = parse_number(flag, text, least, most);
                if (!number) return number.error();
                place = static_cast<Number>(*number);
                return ok();
            }};
}

/// The index of `text` among `words`; the error lists them.
Result<std::size_t> parse_word(std::string_view flag, std::string_view text,
                               std::span<const std::string_view> words);

} // namespace kvduel::servers
