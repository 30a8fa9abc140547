#pragma once

#include "harness/gate/gate.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::gate {

/// What a server did for a request, counted and not timed (scripts/count_instructions.sh). Absent: two counts
/// of one program disagreed.
struct Work {
    std::optional<double> instructions;
    std::optional<double> syscalls;
    std::optional<double> allocations;

    bool operator==(const Work&) const = default;
};

/// One server of both builds.
struct WorkPair {
    std::string server;
    Work base;
    Work head;

    bool operator==(const WorkPair&) const = default;
};

/// What was counted, and of which commits; absent where a program does not tell its commit.
struct Counts {
    std::vector<WorkPair> pairs;
    std::optional<std::string> base_sha;
    std::optional<std::string> head_sha;

    bool operator==(const Counts&) const = default;
};

inline constexpr double kNotedInstructions = 0.01;  ///< a change of this share is noted
inline constexpr double kStrongInstructions = 0.05; ///< and one of this share is strong
inline constexpr double kNotedCalls = 0.1;          ///< of a system call or an allocation, a request

/// Does any count change by what is noted, for the worse? Pure, as below.
bool is_more_work(const WorkPair& pair);

/// The counts of the servers that the gate judged. None, and a warning of the result, if they are of other
/// commits than its builds.
std::vector<WorkPair> counts_for(GateResult& result, const Counts& counts);

/// Where the clock and the counts do not say the same, a sentence a server: a regression that no count
/// explains, or more work that no endpoint shows. Time decides the verdict; a count names a cause or a
/// suspicion.
std::vector<std::string> disagreements(const GateResult& result, const std::vector<WorkPair>& work);

} // namespace kvduel::gate
