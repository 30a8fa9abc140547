#pragma once

#include "core/support/error.hpp"
#include "core/support/unique_fd.hpp"

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

namespace kvduel::experiment {

/// A program to start.
struct Launch {
    std::string executable;
    std::vector<std::string> arguments; ///< argv, the program's name first
    std::vector<int> cpus;              ///< empty: as this process
    /// Length of an unused environment variable, which shifts the new stack: where things lie is then drawn
    /// anew for each trial (Mytkowicz et al. 2009, "Producing wrong data without doing anything obviously
    /// wrong").
    std::size_t environment_padding = 0;
};

/// A started program. It is not waited for: whoever holds this must end and reap `pid`.
struct Spawned {
    pid_t pid = -1;
    UniqueFd out; ///< its stdout, not blocking
    UniqueFd err; ///< its stderr, not blocking
};

/// Starts the program in a process group of its own with stdin from /dev/null, stdout and stderr to us and no
/// other descriptor. It is killed when the calling **thread** ends (PR_SET_PDEATHSIG), so call from the main
/// thread. kUnavailable names the step that failed; then nothing runs.
Result<Spawned> spawn(const Launch& launch);

} // namespace kvduel::experiment
