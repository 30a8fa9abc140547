#include "harness/experiment/run_suite.hpp"

#include "harness/experiment/judge/lost_pairs.hpp"
#include "harness/experiment/machine/machine.hpp"
#include "harness/experiment/plan/trial_order.hpp"
#include "harness/experiment/run/block_run.hpp"
#include "harness/experiment/run/calibration.hpp"
#include "harness/experiment/run/estimate.hpp"
#include "harness/experiment/run/finish_report.hpp"
#include "harness/experiment/run/refine.hpp"
#include "harness/experiment/run/run_scene.hpp"
#include "harness/experiment/run/run_searches.hpp"
#include "harness/experiment/run/run_setting.hpp"
#include "harness/experiment/text/join_words.hpp"
#include "harness/experiment/trial/pair_state.hpp"

#include <algorithm>
#include <utility>

namespace kvduel::experiment {

namespace {

/// A run on its way through its phases.
class SuiteRun {
public:
    SuiteRun(const RunRequest& request, const JsonReaders& readers, ReportSink& sink, Progress& progress,
             const std::atomic<bool>& stop)
        : request_(request), readers_(readers), sink_(sink), progress_(progress), stop_(stop),
          cpu_times_(read_cpu_times()) {}

    Result<RunEnd> run();

private:
    Outcome run_phases(RunScene& scene);
    Outcome count_trials(const RunScene& scene);
    void tell_findings();
    void note_left_out(RunScene& scene);
    void finish();
    int exit_code() const;

    const RunRequest& request_;
    const JsonReaders& readers_;
    ReportSink& sink_;
    Progress& progress_;
    const std::atomic<bool>& stop_;
    std::optional<CpuTimes> cpu_times_;
    bool lacks_capacity_ = false;
    RunEnd end_;
};

Result<RunEnd> SuiteRun::run() {
    RunReport& report = end_.report;
    const Result<RunSetting> setting = prepare_run(request_, report);
    if (!setting) return setting.error();
    TrialRunner runner(request_, readers_, progress_, stop_, *setting);
    RunScene scene{request_, setting->contenders, runner, sink_, progress_, report, {}};
    note_left_out(scene);
    if (Outcome counted = count_trials(scene); !counted) return counted.error();
    if (Outcome written = sink_.write(report); !written) return written.error();
    tell_findings();
    if (const Outcome ran = run_phases(scene); !ran) {
        const bool is_measured =
            !report.trials.empty() || !report.capacities.empty() || !report.searches.empty();
        if (!is_measured) return ran.error();
        end_.write_error = scene.write_error;
        if (!end_.write_error) scene.note(message(ran.error()));
        end_.exit_code = kvduel::exit_code(ran.error().kind);
    }
    finish();
    return std::move(end_);
}

Outcome SuiteRun::run_phases(RunScene& scene) {
    Suite& suite = scene.report.suite;
    const Estimate whole = estimate(suite, scene.contenders, request_.waits.rest);
    scene.refinement_s = whole.refinement_s;
    if (Outcome ran = calibrate(scene, capacity_needs(suite, scene.contenders), whole.seconds); !ran)
        return ran;
    if (scene.runner.is_stopped()) return ok();
    for (const std::string& note : set_rates(suite, scene.report.capacities, scene.contenders)) {
        lacks_capacity_ = true;
        scene.note(note);
    }
    scene.report.run.trials_planned = count_planned(suite, scene.contenders);
    const double searches_s = search_seconds(suite, scene.contenders, request_.waits.rest);
    const auto trials = plan_trials(suite, scene.contenders, scene.report.run.seed);
    if (Outcome ran = run_blocks(scene, trials, searches_s); !ran) return ran;
    if (Outcome ran = refine(scene, searches_s); !ran) return ran;
    return run_searches(scene, 0);
}

/// As if every capacity will be found.
Outcome SuiteRun::count_trials(const RunScene& scene) {
    Suite suite = scene.report.suite;
    for (Scenario& scenario : suite.scenarios)
        for (Parameters& cell : scenario.cells)
            if (cell.load_fraction) cell.rate_per_s = 1;
    const unsigned trials = count_planned(suite, scene.contenders);
    scene.report.run.trials_planned = trials;
    if (trials > 0 || search_seconds(suite, scene.contenders, request_.waits.rest) > 0) return ok();
    return Error{ErrorKind::kUsage, suite.id, "no contender can run any of its cells",
                 "see kvduel list contenders for the options each has"};
}

void SuiteRun::tell_findings() {
    for (const DoctorFinding& finding : end_.report.environment.doctor)
        if (finding.verdict == Fitness::kWarning || finding.verdict == Fitness::kProblem)
            progress_.finding(finding);
}

void SuiteRun::note_left_out(RunScene& scene) {
    for (const Scenario& scenario : scene.report.suite.scenarios)
        for (const Contender& contender : scene.contenders) {
            std::vector<std::string> missing;
            for (const Parameters& cell : scenario.cells)
                for (const std::string& option : missing_options(contender, cell))
                    if (std::find(missing.begin(), missing.end(), option) == missing.end())
                        missing.push_back(option);
            if (missing.empty()) continue;
            scene.note(
                scenario.id + ": \"" + contender.id +
                "\" is left out where the server needs an option it does not have: " + join_words(missing));
        }
}

void SuiteRun::finish() {
    finish_report(end_.report, cpu_times_, stop_.load(std::memory_order_relaxed));
    if (!end_.write_error) {
        const Outcome written = sink_.write(end_.report);
        if (!written) end_.write_error = written.error();
    }
    end_.exit_code = exit_code();
}

int SuiteRun::exit_code() const {
    if (end_.report.run.is_interrupted) return kvduel::exit_code(ErrorKind::kInterrupted);
    if (end_.write_error) return kvduel::exit_code(end_.write_error->kind);
    if (end_.exit_code != 0) return end_.exit_code;
    const bool is_unjudged = std::ranges::any_of(end_.report.searches, [](const SearchResult& one) {
        return (one.state == SearchState::kUnjudged || one.state == SearchState::kTrialLimit) &&
               !one.lower_rps;
    });
    const bool is_invalid = lacks_capacity_ || is_unjudged || lost_pairs(end_.report).are_too_many() ||
                            std::ranges::any_of(end_.report.trials, is_servers_fault);
    return is_invalid ? kvduel::exit_code(ErrorKind::kInvalid) : 0;
}

} // namespace

Result<RunEnd> run_suite(const RunRequest& request, const JsonReaders& readers, ReportSink& sink,
                         Progress& progress, const std::atomic<bool>& stop) {
    return SuiteRun(request, readers, sink, progress, stop).run();
}

} // namespace kvduel::experiment
