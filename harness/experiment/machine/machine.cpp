#include "harness/experiment/machine/machine.hpp"

#include "harness/experiment/machine/cgroup.hpp"
#include "harness/experiment/machine/cpu_plan.hpp"
#include "harness/experiment/machine/proc_file.hpp"
#include "harness/experiment/machine/sha256.hpp"
#include "harness/experiment/text/text_words.hpp"

#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

namespace kvduel::experiment {

namespace {

/// The text after "key<blanks>separator" in the first line that begins with key.
std::string value_of(const std::string& text, std::string_view key, char separator) {
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        const std::size_t at = line.find(separator);
        if (line.starts_with(key) && at != std::string_view::npos) {
            std::string_view value = line.substr(at + 1);
            while (!value.empty() && (value.front() == ' ' || value.front() == '"')) value.remove_prefix(1);
            while (!value.empty() && (value.back() == ' ' || value.back() == '"')) value.remove_suffix(1);
            return std::string(value);
        }
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    }
    return {};
}

std::string kernel_name() {
    utsname names{};
    if (::uname(&names) != 0) return {};
    return std::string(names.sysname) + " " + names.release + " " + names.machine;
}

std::string first_line(const FactTree& facts, std::string_view path) {
    const auto line = facts.line(path);
    return line ? *line : std::string();
}

std::string whole_text(const FactTree& facts, std::string_view path) {
    const auto text = facts.text(path);
    return text ? *text : std::string();
}

std::string virtualization(const FactTree& facts, const std::string& cpuinfo) {
    if (facts.has("/.dockerenv") || facts.has("/run/.containerenv")) return "container";
    if (const auto type = facts.line("/sys/hypervisor/type")) return *type;
    if (value_of(cpuinfo, "flags", ':').find(" hypervisor") == std::string::npos) return "none";
    const std::string vendor = first_line(facts, "/sys/class/dmi/id/sys_vendor");
    return vendor.empty() ? "vm" : "vm (" + vendor + ")";
}

std::string mitigations(const FactTree& facts) {
    const std::string folder = "/sys/devices/system/cpu/vulnerabilities";
    std::string joined;
    for (const std::string& name : facts.names(folder)) {
        const std::string state = first_line(facts, folder + "/" + name);
        if (state.empty() || state == "Not affected") continue;
        joined.append(joined.empty() ? "" : "; ").append(name).append(": ").append(state);
    }
    return joined;
}

std::uint64_t descriptor_limit() {
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

std::string cpus_text(const std::vector<int>& cpus) {
    std::string text;
    for (const int cpu : cpus) text.append(std::to_string(cpu)).append(",");
    return text;
}

} // namespace

Environment probe_environment(const FactTree& facts) {
    // One CPU's paragraph is enough and begins the file.
    const std::string cpuinfo = whole_text(facts, "/proc/cpuinfo");
    Environment environment;
    environment.cpu_model = value_of(cpuinfo, "model name", ':');
    environment.cpus = static_cast<unsigned>(available_cpus().size());
    environment.kernel = kernel_name();
    environment.virtualization = virtualization(facts, cpuinfo);
    environment.memory_bytes =
        number_after(whole_text(facts, "/proc/meminfo"), "MemTotal:").value_or(0) * 1024;
    environment.governor = first_line(facts, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    environment.mitigations = mitigations(facts);
    environment.clocksource =
        first_line(facts, "/sys/devices/system/clocksource/clocksource0/current_clocksource");
    environment.transparent_hugepage = first_line(facts, "/sys/kernel/mm/transparent_hugepage/enabled");
    environment.os = value_of(whole_text(facts, "/etc/os-release"), "PRETTY_NAME", '=');
    environment.load_average_1m = facts.number("/proc/loadavg").value_or(0);
    environment.cpu_quota = read_cpu_quota(facts);
    environment.descriptor_limit = descriptor_limit();
    return environment;
}

std::string fingerprint(const Environment& e) {
    std::string text;
    for (const std::string& part :
         {e.cpu_model, std::to_string(e.cpus), e.kernel, e.virtualization, std::to_string(e.memory_bytes),
          e.governor, e.mitigations, e.clocksource, e.transparent_hugepage, e.os, cpus_text(e.server_cpus),
          cpus_text(e.load_cpus), std::to_string(e.cpu_quota.value_or(0))})
        text.append(part).push_back('\0');
    Sha256 digest;
    digest.update(std::span(reinterpret_cast<const unsigned char*>(text.data()), text.size()));
    return digest.hex_digest().substr(0, 16);
}

std::optional<std::uint64_t> parse_listen_drops(std::string_view netstat) {
    // Two lines a group: the names, then the numbers in the same places.
    const std::size_t names_at = netstat.find("TcpExt:");
    if (names_at == std::string_view::npos) return std::nullopt;
    const std::size_t numbers_at = netstat.find("TcpExt:", names_at + 1);
    if (numbers_at == std::string_view::npos) return std::nullopt;
    const auto line = [&](std::size_t at) {
        return words_of(netstat.substr(at, netstat.find('\n', at) - at));
    };
    const auto names = line(names_at);
    const auto numbers = line(numbers_at);
    for (std::size_t i = 1; i < std::min(names.size(), numbers.size()); ++i)
        if (names[i] == "ListenOverflows") return whole_number(numbers[i]);
    return std::nullopt;
}

std::optional<std::uint64_t> read_listen_drops() {
    const auto text = read_small_file("/proc/net/netstat");
    return text ? parse_listen_drops(*text) : std::nullopt;
}

Outcome raise_descriptor_limit(std::uint64_t needed) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return ok();
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    const std::uint64_t allowed = descriptor_limit();
    if (allowed >= needed) return ok();
    return Error{ErrorKind::kUsage, "",
                 "needs " + std::to_string(needed) + " descriptors, " + std::to_string(allowed) + " allowed",
                 "run: ulimit -n " + std::to_string(needed)};
}

} // namespace kvduel::experiment
