#pragma once

#include "core/support/clock.hpp"

#include <vector>

namespace kvduel::experiment {

/// The pids whose parent is `parent`, by /proc; zombies included.
std::vector<int> children_of(int parent);

/// Those of `ancestor`, theirs and so on, in ascending order: by one look over /proc, some 10 us a process.
std::vector<int> descendants_of(int ancestor);

/// Is `pid` the process `ancestor` or below it? Follows at most 64 parents.
bool is_within(int pid, int ancestor);

/// This process becomes the parent of every orphan below it, so that no server can leave one behind, not even
/// by setsid. For the life of the process; costs nothing to repeat.
void become_subreaper();

/// Kills and reaps every child of this process that is not in `keep`, and what falls to it when those die.
/// Returns how many of them were in none of the process groups `groups`, which were killed already. Gives up
/// at `limit`.
unsigned end_orphans(const std::vector<int>& keep, const std::vector<int>& groups, Duration limit);

} // namespace kvduel::experiment
