#include "harness/experiment/run_suite.hpp"

#include "core/support/build_info.hpp"
#include "harness/experiment/cpu_plan.hpp"
#include "harness/experiment/doctor_limits.hpp"
#include "harness/experiment/doctor_noise.hpp"
#include "harness/experiment/estimate.hpp"
#include "harness/experiment/executable.hpp"
#include "harness/experiment/machine.hpp"
#include "harness/experiment/run_trial.hpp"
#include "harness/experiment/summarise.hpp"
#include "harness/experiment/target_server.hpp"
#include "harness/experiment/time_text.hpp"
#include "harness/experiment/trial_order.hpp"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <utility>

namespace kvduel::experiment {

namespace {

using std::chrono::system_clock;

Result<std::vector<Contender>> resolve_all(const std::vector<Contender>& contenders) {
    const char* path = std::getenv("PATH");
    const std::string folder = own_folder();
    std::vector<Contender> resolved;
    for (const Contender& contender : contenders) {
        Result<Contender> one = resolve(contender, folder, path != nullptr ? path : "");
        if (!one) return one.error();
        resolved.push_back(*std::move(one));
    }
    return resolved;
}

std::string join(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text.append(text.empty() ? "" : ", ").append(word);
    return text;
}

Outcome check_descriptors(const Suite& suite) {
    for (const Scenario& scenario : suite.scenarios)
        for (const Parameters& cell : scenario.cells)
            if (Outcome raised = raise_descriptor_limit(cell.connections + kSpareDescriptors); !raised) {
                raised.error().where = scenario.id;
                return raised;
            }
    return ok();
}

/// A run on its way through its trials.
class SuiteRun {
public:
    SuiteRun(const RunRequest& request, const JsonReaders& readers, ReportSink& sink, Progress& progress,
             const std::atomic<bool>& stop)
        : request_(request), readers_(readers), sink_(sink), progress_(progress), stop_(stop),
          load_(request.load ? request.load : load::run_load), ticks_(read_cpu_ticks()) {}

    Result<RunEnd> run();

private:
    Outcome prepare();
    Outcome plan_cpus();
    Outcome examine_machine();
    void tell_findings();
    void note_left_out();
    Outcome run_trials();
    Outcome run_one(std::size_t index);
    void finish();
    Position position_of(std::size_t index) const;
    int exit_code() const;
    bool is_stopped() const { return stop_.load(std::memory_order_relaxed); }

    const RunRequest& request_;
    const JsonReaders& readers_;
    ReportSink& sink_;
    Progress& progress_;
    const std::atomic<bool>& stop_;
    LoadFunction load_;
    std::optional<CpuTicks> ticks_;
    CpuPlan cpus_;
    bool are_cpus_shared_ = false;
    std::vector<PlannedTrial> plan_;
    RunEnd end_;
};

Result<RunEnd> SuiteRun::run() {
    if (const Outcome prepared = prepare(); !prepared) return prepared.error();
    if (const Outcome examined = examine_machine(); !examined) return examined.error();
    if (const Outcome written = sink_.write(end_.report); !written) return written.error();
    tell_findings();
    if (const Outcome ran = run_trials(); !ran) return ran.error();
    finish();
    return std::move(end_);
}

Outcome SuiteRun::prepare() {
    RunReport& report = end_.report;
    const auto now = system_clock::now();
    report.tool = this_tool();
    report.run.id = compact_time(now) + "-" + request_.suite.id;
    report.run.started_at = rfc3339(now);
    report.run.seed = request_.seed;
    report.run.argv = request_.argv;
    report.suite = request_.suite;

    Result<std::vector<Contender>> contenders = resolve_all(request_.contenders);
    if (!contenders) return contenders.error();
    report.contenders = *std::move(contenders);
    if (Outcome raised = check_descriptors(request_.suite); !raised) return raised;

    report.environment = probe_environment();
    if (Outcome planned = plan_cpus(); !planned) return planned;
    report.environment.fingerprint = fingerprint(report.environment);

    plan_ = plan_trials(request_.suite, report.contenders, request_.seed);
    report.run.trials_planned = static_cast<unsigned>(plan_.size());
    note_left_out();
    if (plan_.empty())
        return Error{ErrorKind::kUsage, request_.suite.id, "no contender can run any of its cells",
                     "see kvduel list contenders for the options each has"};
    return ok();
}

Outcome SuiteRun::plan_cpus() {
    const Cores cores = available_cores();
    for (const auto& [named, flag] :
         {std::pair(&request_.server_cpus, "--server-cpus"), std::pair(&request_.load_cpus, "--load-cpus")})
        if (Outcome allowed = check_cpus(cores, *named, flag); !allowed) return allowed;
    const std::vector<Contender>& contenders = end_.report.contenders;
    const bool starts_servers = std::any_of(contenders.begin(), contenders.end(),
                                            [](const Contender& one) { return !one.target.has_value(); });
    if (starts_servers) {
        cpus_ = choose_cpus(cores, request_.server_cpus, request_.load_cpus);
    } else {
        const std::vector<int> machine = machine_cpus(FactTree());
        cpus_.load = choose_load_cpus(cores, machine, request_.load_cpus);
        if (contenders.size() == 1) cpus_.server = pinned_cpus(*contenders.front().target, machine);
    }
    are_cpus_shared_ = shares_cpus(cores, cpus_); // of a target, each trial finds out
    end_.report.environment.server_cpus = cpus_.server;
    end_.report.environment.load_cpus = cpus_.load;
    return ok();
}

/// Before anything is written or said, so that a machine that is refused leaves no report behind.
Outcome SuiteRun::examine_machine() {
    if (!request_.examine) return ok();
    unsigned connections = 1;
    for (const Scenario& scenario : request_.suite.scenarios)
        for (const Parameters& cell : scenario.cells) connections = std::max(connections, cell.connections);
    RunReport& report = end_.report;
    report.environment.doctor = request_.examine(cpus_, connections);
    const std::vector<std::string> reasons = busy_reasons(report.environment.doctor);
    if (reasons.empty()) return ok();
    const std::string busy = "this machine is too busy to measure: " + join(reasons);
    if (!request_.runs_even_if_busy)
        return Error{
            ErrorKind::kBusy, "", busy,
            "stop other programs or wait (kvduel doctor says more); to measure all the same: --even-if-busy"};
    report.run.notes.push_back(busy);
    return ok();
}

void SuiteRun::tell_findings() {
    for (const DoctorFinding& finding : end_.report.environment.doctor)
        if (finding.verdict == Fitness::kWarning || finding.verdict == Fitness::kProblem)
            progress_.finding(finding);
}

void SuiteRun::note_left_out() {
    for (const Scenario& scenario : request_.suite.scenarios)
        for (const Contender& contender : end_.report.contenders) {
            std::vector<std::string> missing;
            for (const Parameters& cell : scenario.cells)
                for (const std::string& option : missing_options(contender, cell))
                    if (std::find(missing.begin(), missing.end(), option) == missing.end())
                        missing.push_back(option);
            if (missing.empty()) continue;
            const std::string note =
                scenario.id + ": \"" + contender.id +
                "\" is left out where the server needs an option it does not have: " + join(missing);
            end_.report.run.notes.push_back(note);
            progress_.note(note);
        }
}

/// An error is one of the first trial, before anything was measured; later ones end the run with what there
/// is.
Outcome SuiteRun::run_trials() {
    RunReport& report = end_.report;
    for (std::size_t i = 0; i < plan_.size() && !is_stopped(); ++i) {
        if (i > 0) ::poll(nullptr, 0, static_cast<int>(request_.waits.rest / std::chrono::milliseconds(1)));
        if (is_stopped()) break;
        if (Outcome ran = run_one(i); !ran) {
            if (report.trials.empty()) return ran;
            report.run.notes.push_back(message(ran.error()));
            progress_.note(report.run.notes.back());
            end_.exit_code = kvduel::exit_code(ran.error().kind);
            break;
        }
        report.summary = summarise(report.trials);
        if (Outcome written = sink_.write(report); !written) {
            end_.write_error = written.error();
            break;
        }
    }
    return ok();
}

Outcome SuiteRun::run_one(std::size_t index) {
    const PlannedTrial& planned = plan_[index];
    const Scenario& scenario = request_.suite.scenarios[planned.scenario];
    const Contender& contender = end_.report.contenders[planned.contender];
    const Position position = position_of(index);
    progress_.trial_started(position);
    const TrialSetup setup{contender,         scenario.cells[planned.cell], cpus_, are_cpus_shared_,
                           planned.load_seed, planned.environment_padding};
    const TrialHands hands{readers_, load_, request_.waits, stop_,
                           [&](const load::Live& live) { progress_.live(position, live); }};
    Result<TrialRecord> record = run_trial(setup, hands);
    if (!record) {
        if (record.error().where.empty()) record.error().where = scenario.id;
        return record.error();
    }
    record->scenario = scenario.id;
    record->block = record->repetition = planned.block;
    record->order_in_block = planned.order_in_block;
    end_.report.trials.push_back(*std::move(record));
    progress_.trial_ended(position, end_.report.trials.back());
    return ok();
}

Position SuiteRun::position_of(std::size_t index) const {
    const PlannedTrial& planned = plan_[index];
    Position position;
    position.trial = static_cast<unsigned>(index + 1);
    position.trials = static_cast<unsigned>(plan_.size());
    position.block = planned.block;
    position.scenario = request_.suite.scenarios[planned.scenario].id;
    position.contender = end_.report.contenders[planned.contender].id;
    for (std::size_t i = index; i < plan_.size(); ++i) {
        const Parameters& cell = request_.suite.scenarios[plan_[i].scenario].cells[plan_[i].cell];
        position.left_s += trial_seconds(cell, request_.waits.rest);
    }
    return position;
}

void SuiteRun::finish() {
    RunReport& report = end_.report;
    report.run.is_interrupted = is_stopped();
    report.run.finished_at = rfc3339(system_clock::now());
    report.environment.steal_ratio = steal_ratio(ticks_, read_cpu_ticks());
    report.summary = summarise(report.trials);
    if (!end_.write_error) {
        const Outcome written = sink_.write(report);
        if (!written) end_.write_error = written.error();
    }
    end_.exit_code = exit_code();
}

int SuiteRun::exit_code() const {
    if (end_.report.run.is_interrupted) return kvduel::exit_code(ErrorKind::kInterrupted);
    if (end_.write_error) return kvduel::exit_code(end_.write_error->kind);
    if (end_.exit_code != 0) return end_.exit_code;
    const auto& trials = end_.report.trials;
    const bool all_valid = std::all_of(trials.begin(), trials.end(), [](const TrialRecord& trial) {
        return trial.verdict == Verdict::kValid;
    });
    return all_valid ? 0 : kvduel::exit_code(ErrorKind::kInvalid);
}

} // namespace

Tool this_tool() {
    const BuildInfo& info = build_info();
    return {std::string(info.version),    std::string(info.git_sha),  info.dirty,
            std::string(info.build_type), std::string(info.compiler), std::string(info.flags)};
}

Result<RunEnd> run_suite(const RunRequest& request, const JsonReaders& readers, ReportSink& sink,
                         Progress& progress, const std::atomic<bool>& stop) {
    return SuiteRun(request, readers, sink, progress, stop).run();
}

} // namespace kvduel::experiment
