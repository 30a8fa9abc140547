#include "harness/experiment/machine/proc_children.hpp"

#include "harness/experiment/machine/proc_file.hpp"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace kvduel::experiment {

namespace {

std::optional<int> parent_of(int pid) {
    const auto stat = read_proc_stat(pid);
    if (!stat) return std::nullopt;
    return stat->parent;
}

bool is_among(const std::vector<int>& numbers, int number) {
    return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

} // namespace

std::vector<int> children_of(int parent) {
    std::vector<int> children;
    for (const int pid : numbered_entries("/proc"))
        if (parent_of(pid) == parent) children.push_back(pid);
    return children;
}

std::vector<int> descendants_of(int ancestor) {
    std::vector<std::pair<int, int>> families; // parent, child
    for (const int pid : numbered_entries("/proc"))
        if (const std::optional<int> parent = parent_of(pid)) families.emplace_back(*parent, pid);
    std::vector<int> found{ancestor};
    for (std::size_t i = 0; i < found.size(); ++i)
        for (const auto& [parent, child] : families)
            if (parent == found[i] && !is_among(found, child)) found.push_back(child);
    found.erase(found.begin());
    std::sort(found.begin(), found.end());
    return found;
}

bool is_within(int pid, int ancestor) {
    for (int step = 0; step < 64 && pid > 1; ++step) {
        if (pid == ancestor) return true;
        const std::optional<int> parent = parent_of(pid);
        if (!parent) return false;
        pid = *parent;
    }
    return false;
}

void become_subreaper() {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

unsigned end_orphans(const std::vector<int>& keep, const std::vector<int>& groups, Duration limit) {
    const TimePoint deadline = Clock::now() + limit;
    unsigned strayed = 0;
    for (;;) {
        std::vector<int> orphans = children_of(::getpid());
        std::erase_if(orphans, [&](int pid) { return is_among(keep, pid); });
        if (orphans.empty()) return strayed;
        for (const int pid : orphans) {
            const auto stat = read_proc_stat(pid);
            ::kill(pid, SIGKILL); // it is our child, so its pid cannot be another's before waitpid
            if (::waitpid(pid, nullptr, WNOHANG) == pid && stat && !is_among(groups, stat->group)) ++strayed;
        }
        if (Clock::now() >= deadline) return strayed;
        ::poll(nullptr, 0, 1);
    }
}

} // namespace kvduel::experiment
