#include "harness/experiment/doctor/doctor_host.hpp"

#include "harness/experiment/machine/cgroup.hpp"

#include <algorithm>
#include <cstddef>

namespace kvduel::experiment {

namespace {

constexpr const char* kCpuFolder = "/sys/devices/system/cpu";

std::string plural(std::size_t number, const std::string& noun) {
    return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

} // namespace

DoctorFinding check_cpu_count(const FactTree& facts, const std::vector<int>& cpus) {
    const std::optional<double> quota = read_cpu_quota(facts);
    const std::string cpuset = read_cpuset(facts);
    DoctorFinding finding{"cpus", Fitness::kOk, {}, plural(cpus.size(), "CPU"), ""};
    finding.values = {{"cpus", static_cast<double>(cpus.size())},
                      reading("cpu_list", cpu_list_text(cpus)),
                      reading("cpu_quota_cpus", quota),
                      reading("cpuset_cpus", cpuset)};
    finding.message += " to run on (" + cpu_list_text(cpus) + ")";
    if (quota) finding.message += printed(", quota of %.2f CPUs", *quota);
    if (quota && *quota < static_cast<double>(cpus.size())) {
        finding.verdict = Fitness::kWarning;
        finding.remedy =
            "lift the container's CPU limit: a quota stops both sides for up to 100 ms at a time";
    }
    if (cpus.size() < 2) {
        finding.verdict = Fitness::kProblem;
        finding.remedy = "use two CPUs or more: on one only the CPU time per request tells anything";
    }
    return finding;
}

DoctorFinding check_topology(const Cores& cores, const CpuPlan& plan) {
    std::size_t widest = 0;
    for (const auto& core : cores) widest = std::max(widest, core.size());
    const bool is_shared = shares_cpus(cores, plan);
    DoctorFinding finding{"topology", Fitness::kOk, {}, "", ""};
    finding.values = {{"cores", static_cast<double>(cores.size())},
                      {"threads_per_core", static_cast<double>(widest)},
                      reading("server_cpus", cpu_list_text(plan.server)),
                      reading("load_cpus", cpu_list_text(plan.load)),
                      {"shared_core", is_shared ? 1.0 : 0.0}};
    finding.message = plural(cores.size(), "core") + " of " + plural(widest, "thread");
    if (plan.server.empty() || plan.load.empty())
        finding.message += ", server and load are not pinned";
    else
        finding.message += ", server on CPU " + cpu_list_text(plan.server) + ", load on CPU " +
                           cpu_list_text(plan.load) + (is_shared ? ": they meet on a core" : "");
    if (is_shared) {
        finding.verdict = Fitness::kWarning;
        finding.remedy = "give --server-cpus and --load-cpus that share no core";
    }
    return finding;
}

DoctorFinding check_governor(const FactTree& facts, const std::vector<int>& cpus) {
    std::vector<int> others;
    std::string first_other;
    std::string why;
    std::size_t seen = 0;
    for (const int cpu : cpus) {
        const auto governor =
            facts.line(std::string(kCpuFolder) + "/cpu" + std::to_string(cpu) + "/cpufreq/scaling_governor");
        if (!governor) {
            why = message(governor.error());
            continue;
        }
        ++seen;
        if (*governor == "performance") continue;
        others.push_back(cpu);
        if (first_other.empty()) first_other = *governor;
    }
    if (seen == 0) return not_to_be_had("governor", {"governor", "other_cpus"}, why);
    DoctorFinding finding{"governor", Fitness::kOk, {}, "performance", ""};
    finding.values = {reading("governor", others.empty() ? std::string("performance") : first_other),
                      reading("other_cpus", cpu_list_text(others))};
    if (others.empty()) return finding;
    finding.verdict = Fitness::kWarning;
    finding.message = first_other + " on CPU " + cpu_list_text(others) + ": CPU figures drift";
    finding.remedy = "run: cpupower frequency-set -g performance";
    return finding;
}

DoctorFinding check_turbo(const FactTree& facts) {
    const auto no_turbo = facts.number("/sys/devices/system/cpu/intel_pstate/no_turbo");
    const auto boost = facts.number("/sys/devices/system/cpu/cpufreq/boost");
    if (!no_turbo && !boost)
        return not_to_be_had("turbo", {"turbo"},
                             "neither intel_pstate/no_turbo nor cpufreq/boost is in " +
                                 std::string(kCpuFolder));
    const bool is_on = no_turbo ? *no_turbo == 0 : *boost != 0;
    DoctorFinding finding{"turbo", Fitness::kOk, {{"turbo", is_on ? 1.0 : 0.0}}, is_on ? "on" : "off", ""};
    if (!is_on) return finding;
    finding.verdict = Fitness::kNote;
    finding.message += ": the clock depends on heat and on what other CPUs do";
    finding.remedy = no_turbo
                         ? "for the steadiest figures: echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo"
                         : "for the steadiest figures: echo 0 > /sys/devices/system/cpu/cpufreq/boost";
    return finding;
}

DoctorFinding check_virtualization(const Environment& environment) {
    const std::string& kind = environment.virtualization;
    if (kind.empty()) return not_to_be_had("virtualization", {"virtualization"}, "no /proc/cpuinfo");
    DoctorFinding finding{"virtualization", Fitness::kOk, {reading("virtualization", kind)}, kind, ""};
    if (kind == "none") return finding;
    finding.verdict = Fitness::kNote;
    finding.message += ": neighbours share the CPUs and caches; steal shows a part of it";
    return finding;
}

DoctorFinding record_kernel(const FactTree& facts, const Environment& environment) {
    const auto steering = facts.line("/sys/class/net/lo/queues/rx-0/rps_cpus");
    DoctorFinding finding{"kernel", Fitness::kOk, {}, "", ""};
    finding.values = {reading("kernel", environment.kernel),
                      reading("transparent_hugepage", environment.transparent_hugepage),
                      reading("mitigations", environment.mitigations),
                      reading("loopback_rps_cpus", steering ? *steering : std::string())};
    finding.message = environment.kernel.empty() ? "kernel not to be had" : environment.kernel;
    if (!environment.transparent_hugepage.empty())
        finding.message += ", huge pages " + environment.transparent_hugepage;
    finding.message += environment.mitigations.empty() ? ", no mitigations" : ", mitigations in the report";
    const bool is_steered = steering && steering->find_first_not_of("0,") != std::string::npos;
    if (!is_steered) return finding;
    finding.verdict = Fitness::kNote;
    finding.message += ", loopback packets steered to CPUs " + *steering;
    finding.remedy =
        "echo 0 > /sys/class/net/lo/queues/rx-0/rps_cpus, or the network's CPU time lands elsewhere";
    return finding;
}

} // namespace kvduel::experiment
