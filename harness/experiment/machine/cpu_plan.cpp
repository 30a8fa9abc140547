#include "harness/experiment/machine/cpu_plan.hpp"

#include "harness/experiment/machine/cgroup.hpp"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace kvduel::experiment {

namespace {

constexpr int kMaxCpu = CPU_SETSIZE - 1; // what sched_setaffinity's fixed set can name

bool contains(const std::vector<int>& cpus, int cpu) {
    return std::find(cpus.begin(), cpus.end(), cpu) != cpus.end();
}

std::vector<int> flatten(Cores::const_iterator first, Cores::const_iterator last) {
    std::vector<int> cpus;
    for (; first != last; ++first) cpus.insert(cpus.end(), first->begin(), first->end());
    return cpus;
}

std::vector<int> without(const std::vector<int>& cpus, const std::vector<int>& taken) {
    std::vector<int> left;
    for (const int cpu : cpus)
        if (!contains(taken, cpu)) left.push_back(cpu);
    return left;
}

CpuPlan split(const Cores& cores) {
    if (cores.size() >= 2) {
        const auto middle = cores.begin() + static_cast<std::ptrdiff_t>(cores.size() / 2);
        return {flatten(cores.begin(), middle), flatten(middle, cores.end())};
    }
    const std::vector<int> threads = flatten(cores.begin(), cores.end());
    if (threads.size() < 2) return {};
    return {{threads.front()}, {threads.back()}};
}

} // namespace

std::vector<int> parse_cpu_list(std::string_view text) {
    std::vector<int> cpus;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        int first = 0;
        auto step = std::from_chars(at, end, first);
        if (step.ec != std::errc{}) return {};
        int last = first;
        if (step.ptr != end && *step.ptr == '-') {
            step = std::from_chars(step.ptr + 1, end, last);
            if (step.ec != std::errc{}) return {};
        }
        if (first < 0 || last < first || last > kMaxCpu) return {};
        for (int cpu = first; cpu <= last; ++cpu) cpus.push_back(cpu);
        at = step.ptr;
        if (at != end && *at++ != ',') return {};
    }
    std::sort(cpus.begin(), cpus.end());
    cpus.erase(std::unique(cpus.begin(), cpus.end()), cpus.end());
    return cpus;
}

std::vector<int> available_cpus() {
    cpu_set_t set;
    CPU_ZERO(&set);
    std::vector<int> cpus;
    if (::sched_getaffinity(0, sizeof set, &set) != 0) return cpus;
    for (int cpu = 0; cpu <= kMaxCpu; ++cpu)
        if (CPU_ISSET(static_cast<std::size_t>(cpu), &set)) cpus.push_back(cpu);
    return cpus;
}

Cores cores_of(const std::vector<int>& cpus, const FactTree& facts) {
    Cores cores;
    for (const int cpu : cpus) {
        const auto listed = facts.line("/sys/devices/system/cpu/cpu" + std::to_string(cpu) +
                                       "/topology/thread_siblings_list");
        const std::vector<int> siblings = listed ? parse_cpu_list(*listed) : std::vector<int>{};
        const auto core = std::find_if(cores.begin(), cores.end(), [&](const std::vector<int>& known) {
            return contains(siblings, known.front());
        });
        if (core == cores.end())
            cores.push_back({cpu});
        else
            core->push_back(cpu);
    }
    return cores;
}

Cores available_cores() {
    return cores_of(available_cpus(), FactTree());
}

Outcome check_cpus(const Cores& cores, const std::optional<std::vector<int>>& named, std::string_view flag) {
    const std::vector<int> allowed = flatten(cores.begin(), cores.end());
    for (const int cpu : named.value_or(std::vector<int>{})) {
        if (contains(allowed, cpu)) continue;
        std::string text;
        for (const int one : allowed) text.append(text.empty() ? "" : ", ").append(std::to_string(one));
        return Error{ErrorKind::kUsage, std::string(flag) + " " + std::to_string(cpu),
                     "not a CPU this process may use; allowed: " + text, ""};
    }
    return ok();
}

std::vector<int> used_cpus(const CpuPlan& plan) {
    if (plan.server.empty() || plan.load.empty()) return {};
    std::vector<int> cpus = plan.server;
    cpus.insert(cpus.end(), plan.load.begin(), plan.load.end());
    std::sort(cpus.begin(), cpus.end());
    cpus.erase(std::unique(cpus.begin(), cpus.end()), cpus.end());
    return cpus;
}

CpuPlan choose_cpus(const Cores& cores, const std::optional<std::vector<int>>& server,
                    const std::optional<std::vector<int>>& load) {
    const std::vector<int> all = flatten(cores.begin(), cores.end());
    if (server && load) return {*server, *load};
    if (server) return {*server, server->empty() ? std::vector<int>{} : without(all, *server)};
    if (load) return {load->empty() ? std::vector<int>{} : without(all, *load), *load};
    return split(cores);
}

std::vector<int> machine_cpus(const FactTree& facts) {
    std::string listed = read_cpuset(facts);
    if (listed.empty())
        if (const auto online = facts.line("/sys/devices/system/cpu/online")) listed = *online;
    return parse_cpu_list(listed);
}

std::vector<int> choose_load_cpus(const Cores& own, const std::vector<int>& machine,
                                  const std::optional<std::vector<int>>& named) {
    if (named) return *named;
    std::vector<int> all = flatten(own.begin(), own.end());
    std::sort(all.begin(), all.end());
    if (all.size() < machine.size()) return all;
    const CpuPlan plan = choose_cpus(own, {}, {});
    return plan.load.empty() ? all : plan.load;
}

bool shares_cpus(const Cores& cores, const CpuPlan& plan) {
    if (plan.server.empty() || plan.load.empty()) return true;
    for (const int cpu : plan.server) {
        if (contains(plan.load, cpu)) return true;
        for (const std::vector<int>& core : cores) {
            if (!contains(core, cpu)) continue;
            for (const int sibling : core)
                if (contains(plan.load, sibling)) return true;
        }
    }
    return false;
}

} // namespace kvduel::experiment
