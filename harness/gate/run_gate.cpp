#include "harness/gate/run_gate.hpp"

#include "core/support/clock.hpp"
#include "harness/experiment/machine/cpu_times.hpp"
#include "harness/experiment/machine/machine.hpp"
#include "harness/experiment/run/block_run.hpp"
#include "harness/experiment/run/finish_report.hpp"
#include "harness/experiment/run/run_scene.hpp"
#include "harness/experiment/run/run_setting.hpp"
#include "harness/experiment/text/number_text.hpp"
#include "harness/experiment/trial/pair_state.hpp"
#include "harness/gate/duellists.hpp"
#include "harness/gate/find_builds.hpp"
#include "harness/gate/gate_plan.hpp"
#include "harness/gate/judge.hpp"
#include "harness/gate/verdict.hpp"
#include "harness/stats/median.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace kvduel::gate {

namespace {

using experiment::RunReport;

Outcome check_suite(const experiment::Suite& suite) {
    for (const experiment::Scenario& scenario : suite.scenarios) {
        const auto is_unfit = [](const experiment::Parameters& cell) {
            return cell.load_fraction || cell.search || !experiment::is_run_in_blocks(cell);
        };
        if (scenario.refine || std::ranges::any_of(scenario.cells, is_unfit))
            return Error{ErrorKind::kUsage, "suite " + suite.id + ", scenario " + scenario.id,
                         "asks for a search, a refinement or a share of a capacity; allowed in a gate: a "
                         "closed loop, or "
                         "an open one at a given rate_per_s",
                         "base and head must meet the same load in every gate"};
    }
    return ok();
}

/// A gate on its way through its looks.
class GateRun {
public:
    GateRun(const GateRequest& request, const experiment::JsonReaders& readers, experiment::ReportSink& sink,
            experiment::Progress& progress, const std::atomic<bool>& stop)
        : request_(request), run_(request.run), readers_(readers), sink_(sink), progress_(progress),
          stop_(stop), began_(Clock::now()), cpu_times_(experiment::read_cpu_times()) {}

    Result<GateEnd> run();

private:
    Outcome prepare();
    Outcome run_looks(experiment::RunScene& scene);
    Outcome run_one_block(experiment::RunScene& scene, unsigned block, std::size_t last);
    double first_look_s(const experiment::RunScene& scene) const;
    void use_links(unsigned block);
    bool has_time_for(std::size_t blocks) const;
    void judge_look(const stats::GateLook& look);
    void finish();

    double seconds() const { return std::chrono::duration<double>(Clock::now() - began_).count(); }
    RunReport& report() { return end_.report; }

    const GateRequest& request_;
    experiment::RunRequest run_; ///< the request's, with the builds as contenders
    const experiment::JsonReaders& readers_;
    experiment::ReportSink& sink_;
    experiment::Progress& progress_;
    const std::atomic<bool>& stop_;
    TimePoint began_;
    std::optional<experiment::CpuTimes> cpu_times_;
    Duellists duellists_;
    experiment::RunSetting setting_;
    double prepared_s_ = 0;
    std::size_t blocks_ = 0; ///< that were run
    std::vector<double> steal_;
    Evidence evidence_;
    GateEnd end_;
};

Outcome GateRun::prepare() {
    if (Outcome fit = check_suite(run_.suite); !fit) return fit;
    Result<std::vector<ServerBuild>> builds = find_builds(request_);
    if (!builds) return builds.error();
    if (Outcome sound = check_builds(request_, *builds); !sound) return sound;
    end_.result.builds = *std::move(builds);
    end_.result.is_same_build = is_same_build(end_.result.builds);
    end_.result.links = end_.result.builds.front().links.size();
    end_.result.budget_s = request_.budget_s;
    duellists_ = make_duellists(request_, end_.result.builds);
    if (duellists_.duels.empty())
        return Error{ErrorKind::kUsage, run_.suite.id, "no server can run any of its cells", ""};
    if (judge(request_, duellists_, {}, stats::kGateLooks.front()).rows.empty())
        return Error{ErrorKind::kUsage, run_.suite.id,
                     "no metric of the tolerances is judged in any of its cells",
                     "throughput is judged in a closed loop alone; add a row for another metric"};
    end_.result.warnings = request_.warnings;
    run_.contenders = duellists_.contenders;
    run_.suite.repetitions = static_cast<unsigned>(stats::kGateLooks.front().blocks);
    Result<experiment::RunSetting> setting = experiment::prepare_run(run_, report());
    if (!setting) return setting.error();
    setting_ = *std::move(setting);
    return ok();
}

Result<GateEnd> GateRun::run() {
    if (Outcome prepared = prepare(); !prepared) return prepared.error();
    // A contender stands in the report once, however many variants of it run.
    auto& contenders = report().contenders;
    for (auto at = contenders.begin(); at != contenders.end();) {
        const bool is_again =
            std::any_of(contenders.begin(), at, [&](const auto& one) { return one.id == at->id; });
        at = is_again ? contenders.erase(at) : at + 1;
    }
    experiment::TrialRunner runner(run_, readers_, progress_, stop_, setting_);
    experiment::RunScene scene{run_, setting_.contenders, runner, sink_, progress_, report(), {}};
    for (const std::string& note : duellists_.notes) scene.note(note);
    if (const double look_s = first_look_s(scene); look_s > request_.budget_s)
        scene.note("the first look, which is always taken, lasts some " +
                   experiment::rounded_text(look_s, 0) + " s: longer than the budget of " +
                   experiment::number_text(request_.budget_s) + " s");
    if (Outcome written = sink_.write(report()); !written) return written.error();
    prepared_s_ = seconds();
    if (Outcome ran = run_looks(scene); !ran) {
        if (report().trials.empty()) return ran.error();
        end_.write_error = scene.write_error ? scene.write_error : std::optional(ran.error());
    }
    finish();
    return std::move(end_);
}

Outcome GateRun::run_looks(experiment::RunScene& scene) {
    for (const stats::GateLook& look : stats::kGateLooks) {
        if (!has_time_for(look.blocks)) {
            evidence_.is_out_of_time = true;
            return ok();
        }
        report().suite.repetitions = static_cast<unsigned>(look.blocks);
        report().run.trials_planned = static_cast<unsigned>(look.blocks * duellists_.duels.size() * 2);
        while (blocks_ < look.blocks) {
            if (Outcome ran = run_one_block(scene, static_cast<unsigned>(blocks_ + 1), look.blocks); !ran)
                return ran;
            if (stop_.load(std::memory_order_relaxed)) return ok();
            ++blocks_;
            if (std::ranges::any_of(report().trials, experiment::is_servers_fault))
                return ok(); // decides alone
        }
        judge_look(look);
        if (evidence_.word != stats::GateWord::kOpen) return ok();
    }
    return ok();
}

Outcome GateRun::run_one_block(experiment::RunScene& scene, unsigned block, std::size_t last) {
    use_links(block);
    const auto plan = plan_block(duellists_.duels, block, run_.seed);
    double later_s = 0;
    for (const experiment::PlannedTrial& trial : plan)
        later_s += scene.runner.usual_s(run_.suite.scenarios[trial.scenario].cells[trial.cell]) *
                   static_cast<double>(last - block);
    const auto times = experiment::read_cpu_times();
    const auto before = static_cast<unsigned>(plan.size() * (block - 1));
    if (Outcome ran = experiment::run_blocks(scene, plan, later_s, before); !ran) return ran;
    if (const auto stolen = experiment::steal_ratio(times, experiment::read_cpu_times(),
                                                    experiment::used_cpus(setting_.cpus)))
        steal_.push_back(*stolen);
    return ok();
}

/// Without a repeat.
double GateRun::first_look_s(const experiment::RunScene& scene) const {
    double block_s = 0;
    for (const Duel& duel : duellists_.duels)
        block_s += 2 * scene.runner.usual_s(run_.suite.scenarios[duel.scenario].cells[duel.cell]);
    return block_s * static_cast<double>(stats::kGateLooks.front().blocks);
}

/// A build is more than one draw of where its code lies: block by block, the next of its links.
void GateRun::use_links(unsigned block) {
    for (std::size_t i = 0; i < setting_.contenders.size(); ++i) {
        const std::vector<Link>& links = end_.result.builds[duellists_.builds[i]].links;
        const Link& link = links[(block - 1) % links.size()];
        setting_.contenders[i].executable = link.executable;
        setting_.contenders[i].sha256 = link.sha256;
        setting_.contenders[i].command.front() = link.executable;
    }
}

/// By what a block took so far.
bool GateRun::has_time_for(std::size_t blocks) const {
    if (blocks_ == 0) return true;
    const double block_s = (seconds() - prepared_s_) / static_cast<double>(blocks_);
    return seconds() + block_s * static_cast<double>(blocks - blocks_) <= request_.budget_s;
}

void GateRun::judge_look(const stats::GateLook& look) {
    Judged judged = judge(request_, duellists_, report().trials, look);
    evidence_.word = judged.word;
    end_.result.rows = std::move(judged.rows);
    end_.result.pairs_planned = judged.pairs_planned;
    end_.result.pairs_lost = judged.pairs_lost;
    const char* word = judged.word == stats::GateWord::kRegression ? "regression"
                       : judged.word == stats::GateWord::kPass     ? "pass"
                                                                   : "open";
    end_.result.looks.push_back({look.blocks, look.alpha, look.beta, word});
}

void GateRun::finish() {
    end_.is_interrupted = evidence_.is_interrupted = stop_.load(std::memory_order_relaxed);
    auto blocks = static_cast<unsigned>(std::max<std::size_t>(blocks_, 1));
    for (const experiment::TrialRecord& trial : report().trials)
        blocks = std::max(blocks, trial.block); // one cut short
    report().suite.repetitions = blocks;
    report().run.trials_planned =
        static_cast<unsigned>(report().suite.repetitions * duellists_.duels.size() * 2);
    experiment::finish_report(report(), cpu_times_, end_.is_interrupted);
    if (const auto spread = stats::spread_of(steal_)) end_.result.steal_median = spread->median;
    experiment::Environment now = experiment::probe_environment();
    now.server_cpus = report().environment.server_cpus;
    now.load_cpus = report().environment.load_cpus;
    evidence_.has_machine_changed = experiment::fingerprint(now) != report().environment.fingerprint;
    end_.result.seconds = seconds();
    if (end_.result.links == 1 && !end_.result.is_same_build)
        end_.result.warnings.push_back(
            "layout_confounded: each build was linked once, and where the code lies may "
            "alone make a difference (docs/ci.md)");
    conclude(end_.result, report(), evidence_);
    if (end_.write_error) return;
    if (Outcome written = sink_.write(report()); !written) end_.write_error = written.error();
}

} // namespace

Result<GateEnd> run_gate(const GateRequest& request, const experiment::JsonReaders& readers,
                         experiment::ReportSink& sink, experiment::Progress& progress,
                         const std::atomic<bool>& stop) {
    return GateRun(request, readers, sink, progress, stop).run();
}

} // namespace kvduel::gate
