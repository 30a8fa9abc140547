#pragma once

#include "harness/gate/gate.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kvduel::gate {

/// Reads the line of our programs' --version: "kvduel-async 0.1.0 (git SHA, dirty; Release; GNU 12.2.0;
/// -O3)". None for any other text. Pure.
std::optional<BuildClaim> parse_build_claim(std::string_view version_line);

/// Asks the program; it has five seconds. None if it does not tell.
std::optional<BuildClaim> ask_build_claim(const std::string& executable);

} // namespace kvduel::gate
