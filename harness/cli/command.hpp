#pragma once

#include "core/support/error.hpp"

#include <span>
#include <string>
#include <string_view>

namespace kvduel::cli {

/// A command of kvduel, a file each. `run` gets the arguments after the command's name and all of argv; it
/// prints results on stdout, progress on stderr, and gives the exit code of the table (docs/architecture.md).
/// An error is printed by the caller.
struct Command {
    std::string_view name;
    std::string_view usage; ///< "run SUITE"
    std::string_view summary;
    Result<int> (*run)(std::span<const std::string> arguments, std::span<const std::string> argv);
};

Result<int> run_command(std::span<const std::string> arguments, std::span<const std::string> argv);
Result<int> load_command(std::span<const std::string> arguments, std::span<const std::string> argv);
Result<int> compare_command(std::span<const std::string> arguments, std::span<const std::string> argv);
Result<int> gate_command(std::span<const std::string> arguments, std::span<const std::string> argv);
Result<int> show_command(std::span<const std::string> arguments, std::span<const std::string> argv);
Result<int> check_command(std::span<const std::string> arguments, std::span<const std::string> argv);
Result<int> doctor_command(std::span<const std::string> arguments, std::span<const std::string> argv);
Result<int> list_command(std::span<const std::string> arguments, std::span<const std::string> argv);

/// kvduel as a whole: finds the command, runs it, prints its error as one line on stderr.
int run_kvduel(std::span<const std::string> argv);

} // namespace kvduel::cli
