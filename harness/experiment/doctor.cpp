#include "harness/experiment/doctor.hpp"

#include "harness/experiment/doctor/doctor_clock.hpp"
#include "harness/experiment/doctor/doctor_host.hpp"
#include "harness/experiment/doctor/doctor_limits.hpp"
#include "harness/experiment/doctor/doctor_loopback.hpp"
#include "harness/experiment/doctor/doctor_noise.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kvduel::experiment {

namespace {

std::vector<int> all_cpus(const Cores& cores) {
    std::vector<int> cpus;
    for (const auto& core : cores) cpus.insert(cpus.end(), core.begin(), core.end());
    std::sort(cpus.begin(), cpus.end());
    return cpus;
}

/// Those of the plan; all if somebody is not pinned.
std::vector<int> watched_cpus(const DoctorScene& scene) {
    std::vector<int> cpus = used_cpus(scene.cpus);
    return cpus.empty() ? all_cpus(scene.cores) : cpus;
}

std::optional<int> first_of(const std::vector<int>& cpus) {
    return cpus.empty() ? std::nullopt : std::optional(cpus.front());
}

/// An absent program is said in the words that resolve() has for it.
Result<RunEnd> run(const DoctorScene& scene, const std::optional<Contender>& contender,
                   RunRequest (*make)(const Contender&, unsigned)) {
    if (!contender || !scene.run_trials) return Error{ErrorKind::kUnavailable, "", "no server to run", ""};
    RunRequest request = make(*contender, scene.connections);
    if (!scene.cpus.server.empty() && !scene.cpus.load.empty()) {
        request.server_cpus = scene.cpus.server;
        request.load_cpus = scene.cpus.load;
    }
    return scene.run_trials(request);
}

constexpr std::array<DoctorCheck, 18> kChecks{{
    {"cpus", true, 0, "affinity, cgroup cpuset and cpu.max", "under 2 CPUs; a quota below them",
     [](const DoctorScene& scene) { return check_cpu_count(scene.facts, all_cpus(scene.cores)); }},
    {"topology", true, 0, "thread_siblings_list", "server and load share a core",
     [](const DoctorScene& scene) { return check_topology(scene.cores, scene.cpus); }},
    {"governor", true, 0, "scaling_governor of each CPU", "not performance",
     [](const DoctorScene& scene) { return check_governor(scene.facts, all_cpus(scene.cores)); }},
    {"turbo", true, 0, "intel_pstate/no_turbo, cpufreq/boost", "on: a note",
     [](const DoctorScene& scene) { return check_turbo(scene.facts); }},
    {"virtualization", true, 0, "the CPU's hypervisor flag, containers' marks", "any: a note",
     [](const DoctorScene& scene) { return check_virtualization(scene.environment); }},
    {"load", true, 0, "/proc/loadavg", "over half of the CPUs",
     [](const DoctorScene& scene) { return check_load(scene.facts, all_cpus(scene.cores).size()); }},
    {"pressure", true, 0, "/proc/pressure/cpu, some avg10", "over 5 %",
     [](const DoctorScene& scene) { return check_pressure(scene.facts); }},
    {"noise", true, 1, "a thread spinning on each CPU, its gaps over 20 us", "over 0.5 % of the time",
     [](const DoctorScene& scene) { return check_noise(spin_on(watched_cpus(scene), scene.spin)); }},
    {"clock", true, 0, "the clock source; 21,000 reads", "over 100 ns a read",
     [](const DoctorScene& scene) { return check_clock(scene.facts, measure_clock_read_ns()); }},
    {"timer", true, 0.3, "1,000 sleeps of 200 us", "P99 over 120 us late",
     [](const DoctorScene& scene) { return check_timer(measure_overshoot_here(first_of(scene.cpus.load))); }},
    {"steal", true, 0, "/proc/stat over all of the above", "over 1 %",
     [](const DoctorScene& scene) {
         return check_steal(steal_ratio(scene.cpu_times, read_cpu_times(scene.facts), watched_cpus(scene)));
     }},
    {"descriptors", true, 0, "RLIMIT_NOFILE", "under connections + 64",
     [](const DoctorScene& scene) { return check_descriptors(read_descriptor_limit(), scene.connections); }},
    {"backlog", true, 0, "somaxconn, tcp_max_syn_backlog", "under the connections",
     [](const DoctorScene& scene) { return check_backlog(scene.facts, scene.connections); }},
    {"ports", true, 0, "ip_local_port_range, tcp_tw_reuse, TIME_WAIT", "half of the ports in TIME_WAIT",
     [](const DoctorScene& scene) { return check_ports(scene.facts, scene.connections); }},
    {"kernel", true, 0, "release, huge pages, mitigations, rps_cpus", "packet steering: a note",
     [](const DoctorScene& scene) { return record_kernel(scene.facts, scene.environment); }},
    {"loopback", false, 0.3, "5,500 round trips of a byte between the pinned CPUs",
     "nothing: it is the floor",
     [](const DoctorScene& scene) {
         return check_loopback(measure_round_trips(first_of(scene.cpus.server), first_of(scene.cpus.load)));
     }},
    {"ceiling", false, 4, "3 trials against kvduel-null", "a planned rate over 70 % of it",
     [](const DoctorScene& scene) {
         return check_ceiling(run(scene, scene.floor, make_ceiling_request), scene.planned_rps);
     }},
    {"aa_noise", false, 14, "6 pairs of trials of one server", "median difference over 3 % (P99: 12 %)",
     [](const DoctorScene& scene) { return check_aa(run(scene, scene.server, make_aa_request)); }},
}};

} // namespace

DoctorScene make_scene(const FactTree& facts, const std::optional<std::vector<int>>& named_server,
                       const std::optional<std::vector<int>>& named_load) {
    DoctorScene scene;
    scene.facts = facts;
    scene.cores = cores_of(available_cpus(), facts);
    scene.cpus = choose_cpus(scene.cores, named_server, named_load);
    scene.environment = probe_environment(facts);
    scene.environment.server_cpus = scene.cpus.server;
    scene.environment.load_cpus = scene.cpus.load;
    scene.environment.fingerprint = fingerprint(scene.environment);
    scene.cpu_times = read_cpu_times(facts);
    return scene;
}

std::span<const DoctorCheck> doctor_checks() {
    return kChecks;
}

std::vector<DoctorFinding> examine(const DoctorScene& scene, bool is_quick, const DoctorProgress& progress,
                                   const std::atomic<bool>& stop) {
    std::vector<DoctorFinding> findings;
    for (const DoctorCheck& check : kChecks) {
        if (stop.load(std::memory_order_relaxed)) break;
        if (is_quick && !check.is_quick) continue;
        if (progress) progress(check);
        findings.push_back(check.examine(scene));
    }
    return findings;
}

} // namespace kvduel::experiment
