#include "harness/experiment/machine/cgroup.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace kvduel::experiment {

namespace {

constexpr std::size_t kMaxDepth = 64; ///< of nested groups that are looked at

/// The folders from this process's group up to the root: "0::/a/b" gives /a/b, /a and the root.
std::vector<std::string> group_folders(const FactTree& facts) {
    std::string path;
    if (const auto groups = facts.text("/proc/self/cgroup")) {
        const std::size_t at = ("\n" + *groups).find("\n0::");
        if (at != std::string::npos) path = groups->substr(at + 3, groups->find('\n', at) - at - 3);
    }
    std::vector<std::string> folders;
    while (path.size() > 1 && folders.size() < kMaxDepth) {
        folders.push_back("/sys/fs/cgroup" + path);
        path.resize(path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
    }
    folders.emplace_back("/sys/fs/cgroup");
    return folders;
}

} // namespace

std::optional<double> parse_cpu_max(std::string_view line) {
    const std::string text(line);
    char* end = nullptr;
    const double quota_us = std::strtod(text.c_str(), &end);
    if (end == text.c_str()) return std::nullopt;
    const char* const second = end;
    const double period_us = std::strtod(second, &end);
    if (end == second || quota_us <= 0 || period_us <= 0) return std::nullopt;
    return quota_us / period_us;
}

std::optional<double> read_cpu_quota(const FactTree& facts) {
    std::optional<double> least;
    for (const std::string& folder : group_folders(facts)) {
        const auto line = facts.line(folder + "/cpu.max");
        const auto quota = line ? parse_cpu_max(*line) : std::nullopt;
        if (quota) least = std::min(*quota, least.value_or(*quota));
    }
    return least;
}

std::string read_cpuset(const FactTree& facts) {
    for (const std::string& folder : group_folders(facts))
        if (const auto line = facts.line(folder + "/cpuset.cpus.effective")) return *line;
    return {};
}

} // namespace kvduel::experiment
