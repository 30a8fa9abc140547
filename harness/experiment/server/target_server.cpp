#include "harness/experiment/server/target_server.hpp"

#include "harness/experiment/machine/cpu_plan.hpp"

#include <algorithm>
#include <utility>

namespace kvduel::experiment {

namespace {

constexpr std::size_t kMostNamed = 4; // processes, in a message

std::string several(const std::vector<int>& pids) {
    std::string text = std::to_string(pids.size()) + " processes hold its listening socket (";
    for (std::size_t i = 0; i < std::min(pids.size(), kMostNamed); ++i)
        text.append(i == 0 ? "" : ", ").append(std::to_string(pids[i]));
    return text + (pids.size() > kMostNamed ? ", ...)" : ")") + ", and which of them answers is not known";
}

} // namespace

std::vector<int> pinned_cpus(const load::Target& target, const std::vector<int>& machine,
                             const std::string& proc) {
    const std::vector<int> cpus =
        allowed_cpus(find_socket_owners(target, proc).pids, proc).value_or(std::vector<int>{});
    return cpus.size() < machine.size() ? cpus : std::vector<int>{};
}

TargetServer judge_target(const SocketOwners& owners, std::vector<int> load_cpus, unsigned load_threads,
                          const std::string& proc, const FactTree& facts) {
    TargetServer server;
    server.absence = owners.absence;
    if (owners.pids.size() == 1) server.pid = owners.pids.front();
    if (owners.pids.size() > 1) server.absence = several(owners.pids);
    if (!owners.is_local) return server; // another machine has CPUs of its own
    server.cpus = allowed_cpus(owners.pids, proc).value_or(std::vector<int>{});
    load_cpus.resize(std::min<std::size_t>(load_cpus.size(), load_threads)); // the others stay idle
    std::vector<int> both = server.cpus;
    both.insert(both.end(), load_cpus.begin(), load_cpus.end());
    server.are_cpus_shared = shares_cpus(cores_of(both, facts), {server.cpus, std::move(load_cpus)});
    return server;
}

} // namespace kvduel::experiment
