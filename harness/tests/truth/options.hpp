#pragma once

#include "harness/tests/truth/server.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace truth {

struct CommandLine {
    Options options;
    std::uint16_t port = 0;
    std::string error; ///< what is wrong, empty if nothing is
};

/// What the program takes, a flag a line.
std::string usage();

CommandLine parse_command_line(std::span<char* const> arguments);

} // namespace truth
