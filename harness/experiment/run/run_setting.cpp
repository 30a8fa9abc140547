#include "harness/experiment/run/run_setting.hpp"

#include "core/support/build_info.hpp"
#include "harness/experiment/doctor/doctor_limits.hpp"
#include "harness/experiment/doctor/doctor_noise.hpp"
#include "harness/experiment/machine/machine.hpp"
#include "harness/experiment/machine/sha256.hpp"
#include "harness/experiment/run/resume.hpp"
#include "harness/experiment/server/executable.hpp"
#include "harness/experiment/server/target_server.hpp"
#include "harness/experiment/text/join_words.hpp"
#include "harness/experiment/text/time_text.hpp"
#include "harness/experiment/trial/trial_setup.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace kvduel::experiment {

namespace {

using std::chrono::system_clock;

Result<std::vector<Contender>> resolve_all(const std::vector<Contender>& contenders) {
    std::vector<Contender> resolved;
    for (const Contender& contender : contenders) {
        Result<Contender> one = resolve_here(contender);
        if (!one) return one.error();
        resolved.push_back(*std::move(one));
    }
    return resolved;
}

std::string file_name(const std::string& path) {
    return path.substr(path.rfind('/') + 1); // npos + 1 is 0
}

Outcome check_descriptors(const Suite& suite) {
    for (const Scenario& scenario : suite.scenarios)
        for (const Parameters& cell : scenario.cells)
            if (Outcome raised = raise_descriptor_limit(all_connections(cell) + kSpareDescriptors); !raised) {
                raised.error().where = scenario.id;
                return raised;
            }
    return ok();
}

Result<RunSetting> plan_cpus(const RunRequest& request, std::vector<Contender> contenders) {
    const Cores cores = available_cores();
    for (const auto& [named, flag] :
         {std::pair(&request.server_cpus, "--server-cpus"), std::pair(&request.load_cpus, "--load-cpus")})
        if (Outcome allowed = check_cpus(cores, *named, flag); !allowed) return allowed.error();
    RunSetting setting;
    const bool starts_servers = std::any_of(contenders.begin(), contenders.end(),
                                            [](const Contender& one) { return !one.target.has_value(); });
    if (starts_servers) {
        setting.cpus = choose_cpus(cores, request.server_cpus, request.load_cpus);
    } else {
        const std::vector<int> machine = machine_cpus(FactTree());
        setting.cpus.load = choose_load_cpus(cores, machine, request.load_cpus);
        if (contenders.size() == 1) setting.cpus.server = pinned_cpus(*contenders.front().target, machine);
    }
    setting.are_cpus_shared = shares_cpus(cores, setting.cpus);
    setting.contenders = std::move(contenders);
    return setting;
}

/// Contenders as others may see them: no path of this machine where it is ours.
std::vector<Contender> without_own_folder(std::vector<Contender> contenders) {
    const std::string folder = own_folder();
    for (Contender& contender : contenders) contender.executable = relative_to(folder, contender.executable);
    return contenders;
}

void begin_report(const RunRequest& request, RunReport& report) {
    const auto now = system_clock::now();
    report.tool = this_tool();
    report.run.id = compact_time(now) + "-" + request.suite.id;
    report.run.started_at = rfc3339(now);
    report.run.seed = request.seed;
    report.run.argv = request.argv;
    if (!request.argv.empty()) report.run.argv.front() = file_name(request.argv.front());
    report.suite = request.suite;
}

Outcome examine_machine(const RunRequest& request, const CpuPlan& cpus, RunReport& report) {
    if (!request.examine) return ok();
    unsigned connections = 1;
    for (const Scenario& scenario : request.suite.scenarios)
        for (const Parameters& cell : scenario.cells)
            connections = std::max(connections, all_connections(cell));
    report.environment.doctor = request.examine(cpus, connections);
    const std::vector<std::string> reasons = busy_reasons(report.environment.doctor);
    if (reasons.empty()) return ok();
    const std::string busy = "this machine is too busy to measure: " + join_words(reasons);
    if (!request.runs_even_if_busy)
        return Error{
            ErrorKind::kBusy, "", busy,
            "stop other programs or wait (kvduel doctor says more); to measure all the same: --even-if-busy"};
    report.run.notes.push_back(busy);
    return ok();
}

} // namespace

Tool this_tool() {
    const BuildInfo& info = build_info();
    const Result<std::string> digest = sha256_of_file("/proc/self/exe");
    return {std::string(info.version),       std::string(info.git_sha),  info.dirty,
            std::string(info.build_type),    std::string(info.compiler), std::string(info.flags),
            digest ? *digest : std::string()};
}

Result<RunSetting> prepare_run(const RunRequest& request, RunReport& report) {
    Result<std::vector<Contender>> contenders = resolve_all(request.contenders);
    if (!contenders) return contenders.error();
    if (Outcome raised = check_descriptors(request.suite); !raised) return raised.error();
    Result<RunSetting> setting = plan_cpus(request, *std::move(contenders));
    if (!setting) return setting;

    begin_report(request, report);
    report.contenders = without_own_folder(setting->contenders);
    report.environment = probe_environment();
    report.environment.server_cpus = setting->cpus.server;
    report.environment.load_cpus = setting->cpus.load;
    report.environment.fingerprint = fingerprint(report.environment);
    if (Outcome examined = examine_machine(request, setting->cpus, report); !examined)
        return examined.error();
    if (!request.resumed) return setting;
    if (Outcome same = check_same_run(*request.resumed, report); !same) return same.error();
    report = continued(*request.resumed, report, rfc3339(system_clock::now()));
    return setting;
}

} // namespace kvduel::experiment
