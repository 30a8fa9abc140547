#pragma once

#include "harness/load/plan.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::experiment {

/// How a started server says that it accepts connections.
enum class Ready : std::uint8_t {
    kAnnounce, ///< one line of JSON on stdout; "{port}" in the command becomes 0
    kTcp,      ///< a connect succeeds; "{port}" in the command becomes a port that was free just before
};

/// A contender of this model gives one fixed answer to everything: it gets the same requests as the others,
/// but no key is written before and no value is verified.
inline constexpr std::string_view kFloorModel = "floor";

/// Anything the harness can duel with (docs/architecture.md, the contender contract).
struct Contender {
    std::string id;
    std::string title;
    std::string model; ///< "threads", "async", "goroutines"; free text for a user's own; see kFloorModel
    std::vector<std::string> command; ///< argv; "{port}" is replaced in every word
    Ready ready = Ready::kAnnounce;
    std::map<std::string, std::string> options; ///< option name of the suite file -> flag, e.g. threads ->
                                                ///< --threads; no flag: means nothing to it
    std::vector<std::string> required_tools;    ///< "requires" of the JSON: programs that must be on PATH,
                                                ///< with a setup only while it has not made the program
    std::string setup; ///< the command that gets the program where it is missing; may be empty

    /// A server that runs already (--target): nothing is started or stopped, `command` is empty.
    std::optional<load::Target> target;

    // Filled in by resolve() before any trial.
    std::string executable; ///< command[0] as a path
    std::string sha256;     ///< of that file's bytes, 64 hex digits; empty for a target

    bool operator==(const Contender&) const = default;
};

} // namespace kvduel::experiment
