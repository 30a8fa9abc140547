#include "harness/experiment/machine/cpu_times.hpp"

#include "harness/experiment/text/text_words.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace kvduel::experiment {
namespace {

constexpr std::size_t kSteal = 8; ///< its place in a line; guest time, behind it, is within user time

std::optional<CpuTicks> ticks_of(std::string_view line) {
    const auto words = words_of(line);
    if (words.size() <= kSteal) return std::nullopt;
    CpuTicks ticks;
    for (std::size_t i = 1; i <= kSteal; ++i) {
        const auto number = whole_number(words[i]);
        if (!number) return std::nullopt;
        ticks.total += *number;
        ticks.steal = *number;
    }
    return ticks;
}

CpuTicks sum_on(const CpuTimes& times, std::span<const int> cpus) {
    if (cpus.empty()) return times.sum;
    CpuTicks sum;
    for (const int cpu : cpus) {
        const auto of_one = times.by_cpu.find(cpu);
        if (of_one == times.by_cpu.end()) return times.sum;
        sum.total += of_one->second.total;
        sum.steal += of_one->second.steal;
    }
    return sum;
}

} // namespace

std::optional<CpuTimes> parse_cpu_times(std::string_view proc_stat) {
    if (!proc_stat.starts_with("cpu ")) return std::nullopt;
    CpuTimes times;
    while (proc_stat.starts_with("cpu")) {
        const std::string_view line = proc_stat.substr(0, proc_stat.find('\n'));
        const auto ticks = ticks_of(line);
        if (!ticks) return std::nullopt;
        const auto cpu = whole_number(line.substr(3, line.find(' ') - 3));
        (cpu ? times.by_cpu[static_cast<int>(*cpu)] : times.sum) = *ticks;
        proc_stat.remove_prefix(std::min(line.size() + 1, proc_stat.size()));
    }
    return times;
}

std::optional<CpuTimes> read_cpu_times(const FactTree& facts) {
    const auto text = facts.text("/proc/stat");
    return text ? parse_cpu_times(*text) : std::nullopt;
}

std::optional<double> steal_ratio(const std::optional<CpuTimes>& before, const std::optional<CpuTimes>& after,
                                  std::span<const int> cpus) {
    if (!before || !after) return std::nullopt;
    const CpuTicks from = sum_on(*before, cpus);
    const CpuTicks to = sum_on(*after, cpus);
    if (to.total <= from.total || to.steal < from.steal) return std::nullopt;
    return static_cast<double>(to.steal - from.steal) / static_cast<double>(to.total - from.total);
}

} // namespace kvduel::experiment
