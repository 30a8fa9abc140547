#include "harness/experiment/server/server_family.hpp"

#include "core/support/mutex.hpp"
#include "harness/experiment/machine/proc_children.hpp"

#include <unistd.h>

#include <utility>
#include <vector>

namespace kvduel::experiment {

namespace {

struct Family {
    std::vector<int> strangers; ///< children that were there before the first server
    std::vector<int> living;
    std::vector<int> groups; ///< of all servers since the first
};

// A process has one set of children, whoever asks.
Guarded<Family>& family() {
    static Guarded<Family> the_family;
    return the_family;
}

} // namespace

Result<Spawned> spawn_server(const Launch& launch) {
    become_subreaper();
    // Under the lock: a server that another thread starts meanwhile would look like a stranger.
    return family().with_lock([&](Family& family) {
        if (family.living.empty()) family = {children_of(::getpid()), {}, {}};
        Result<Spawned> spawned = spawn(launch);
        if (!spawned) return spawned;
        family.living.push_back(spawned->pid);
        family.groups.push_back(spawned->pid);
        return spawned;
    });
}

unsigned bury_server(int pid, Duration limit) {
    return family().with_lock([&](Family& family) {
        std::erase(family.living, pid);
        return family.living.empty() ? end_orphans(family.strangers, family.groups, limit) : 0;
    });
}

} // namespace kvduel::experiment
