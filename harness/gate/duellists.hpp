#pragma once

#include "harness/gate/gate.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace kvduel::gate {

/// One cell of one server: base and head, who are compared there. Numbers are places in
/// Duellists::contenders.
struct Duel {
    std::size_t scenario = 0;
    std::size_t cell = 0;
    std::size_t server = 0; ///< place among the suite's contenders
    std::size_t base = 0;
    std::size_t head = 0;
};

/// Who runs where. A cell that sets an option itself keeps it: an argument of --base-args or --head-args with
/// the same flag gives way there, so that each such cell has contenders of its own.
struct Duellists {
    std::vector<experiment::Contender>
        contenders;                  ///< not resolved; the same id may stand in it several times
    std::vector<std::size_t> builds; ///< of each contender its place among the builds
    std::vector<Duel> duels;
    std::vector<std::string> notes; ///< where an argument gave way, or a server is left out of a cell
};

/// "async-base".
std::string contender_id(const std::string& server, std::string_view side);

/// `arguments` without `flag` and its value ("--flag", "value" or "--flag=value"). Pure.
std::vector<std::string> without_flag(std::vector<std::string> arguments, const std::string& flag);

/// `builds` in the order of find_builds(). Pure.
Duellists make_duellists(const GateRequest& request, const std::vector<ServerBuild>& builds);

} // namespace kvduel::gate
