#include "harness/experiment/machine/cpu_throttle.hpp"

#include "harness/experiment/machine/proc_file.hpp"

#include <algorithm>
#include <set>

namespace kvduel::experiment {

namespace {

constexpr std::size_t kMaxFiles = 64;

bool names_cpu(std::string_view controllers) {
    while (!controllers.empty()) {
        const std::string_view name = controllers.substr(0, controllers.find(','));
        if (name == "cpu") return true;
        controllers.remove_prefix(std::min(name.size() + 1, controllers.size()));
    }
    return false;
}

/// "/a/b": the files of /a/b, /a and / under `root`.
void add_files(const std::string& root, std::string_view path, std::vector<std::string>& files) {
    while (files.size() < kMaxFiles) {
        while (!path.empty() && path.back() == '/') path.remove_suffix(1);
        files.push_back(root + std::string(path) + "/cpu.stat");
        if (path.empty()) return;
        path.remove_suffix(path.size() - std::min(path.rfind('/'), path.size()));
    }
}

void add_files_of(int pid, std::set<std::string>& files) {
    const auto groups = read_small_file("/proc/" + std::to_string(pid) + "/cgroup", 16 * 1024);
    if (!groups) return;
    for (std::string& file : cpu_stat_files(*groups)) files.insert(std::move(file));
}

} // namespace

std::vector<std::string> cpu_stat_files(std::string_view proc_cgroup) {
    std::vector<std::string> files;
    while (!proc_cgroup.empty()) {
        // "hierarchy:controllers:path"; v2 is hierarchy 0 without controllers.
        const std::string_view line = proc_cgroup.substr(0, proc_cgroup.find('\n'));
        proc_cgroup.remove_prefix(std::min(line.size() + 1, proc_cgroup.size()));
        const std::size_t first = line.find(':');
        const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
        if (second == std::string_view::npos) continue;
        const std::string_view controllers = line.substr(first + 1, second - first - 1);
        const std::string_view path = line.substr(second + 1);
        if (line.starts_with("0::")) add_files("/sys/fs/cgroup", path, files);
        if (names_cpu(controllers)) add_files("/sys/fs/cgroup/cpu", path, files);
    }
    return files;
}

std::optional<std::uint64_t> read_throttled_periods(std::optional<int> server) {
    std::set<std::string> files; // groups that both are in count once
    if (const auto own = read_small_file("/proc/self/cgroup", 16 * 1024))
        for (std::string& file : cpu_stat_files(*own)) files.insert(std::move(file));
    if (server) add_files_of(*server, files);
    std::optional<std::uint64_t> sum;
    for (const std::string& file : files) {
        const auto text = read_small_file(file, 4096);
        if (!text) continue;
        if (const auto periods = number_after(*text, "nr_throttled ")) sum = sum.value_or(0) + *periods;
    }
    return sum;
}

} // namespace kvduel::experiment
