#include "harness/experiment/run/run_searches.hpp"

#include "harness/experiment/plan/trial_order.hpp"
#include "harness/experiment/run/estimate.hpp"
#include "harness/experiment/trial/checks.hpp"
#include "harness/workload/random.hpp"

#include <algorithm>

namespace kvduel::experiment {

namespace {

constexpr double kLeastSamples = 700; // of a trial: P99 needs 662

/// Is all that is wrong with the trial that the generator was slow? That is in the latency, from the due time
/// on: a target that holds all the same, holds.
bool is_only_late(const TrialRecord& trial) {
    return trial.latency.count > 0 && std::ranges::all_of(trial.warnings, [](const Warning& warning) {
               const auto row = std::ranges::find(checks(), warning.code, &Check::code);
               return row == checks().end() || row->kind == CheckKind::kWarning ||
                      warning.code == "send_late" || warning.code == "generator_saturated" ||
                      warning.code == "errors_high" || warning.code == "offered_rate_missed";
           });
}

using workload::Draw;
using workload::Seed;

/// One contender's search on its way.
struct Searcher {
    std::size_t contender;
    std::size_t result; ///< in the report
    CapacitySearch search;
};

/// The searches of one cell, whose contenders take turns.
class CellSearch {
public:
    CellSearch(RunScene& scene, const Scenario& scenario, const Parameters& cell, double later_s)
        : scene_(scene), scenario_(scenario), cell_(cell), later_s_(later_s) {
        for (std::size_t i = 0; i < scene.contenders.size(); ++i)
            if (missing_options(scene.contenders[i], cell).empty()) add(i);
    }

    Outcome run() {
        while (!scene_.runner.is_stopped() && is_searching())
            for (Searcher& one : searchers_) {
                if (scene_.runner.is_stopped() || !one.search.next_rate()) continue;
                if (Outcome ran = step(one); !ran) return ran;
            }
        return ok();
    }

private:
    void add(std::size_t contender) {
        auto& results = scene_.report.searches;
        const std::string& id = scene_.contenders[contender].id;
        auto known = std::ranges::find_if(results, [&](const SearchResult& one) {
            return one.scenario == scenario_.id && one.contender == id && one.parameters == cell_;
        });
        if (known == results.end())
            known =
                results.insert(results.end(), {scenario_.id, id, cell_, {}, {}, SearchState::kSearching, {}});
        searchers_.push_back({contender, static_cast<std::size_t>(known - results.begin()), replay(*known)});
    }

    bool is_searching() const {
        return std::ranges::any_of(searchers_,
                                   [](const Searcher& one) { return one.search.next_rate().has_value(); });
    }

    Outcome step(Searcher& one) {
        SearchResult& result = scene_.report.searches[one.result];
        const Parameters parameters = step_parameters(cell_, *one.search.next_rate());
        const std::uint64_t seed =
            Draw(Seed(scene_.report.run.seed).split("search"), scenario_number(), result.steps.size()).bits();
        const std::size_t padding =
            drawn_padding(Draw(Seed(scene_.report.run.seed).split("search padding"), scenario_number(),
                               result.steps.size() * scene_.contenders.size() + one.contender));
        const Position position = position_of(one);
        const auto trial =
            scene_.runner.run({scene_.contenders[one.contender], parameters, seed, padding}, position);
        if (!trial) return trial.error();
        if (scene_.runner.is_stopped()) return ok();
        scene_.progress.trial_ended(position, *trial);
        const SearchStep step = judge_step(*trial, *cell_.search, one.search.confirms_lower());
        result.steps.push_back(step);
        if (step.is_valid)
            one.search.take(step.has_passed);
        else
            one.search.take_invalid();
        result.state = one.search.state();
        result.lower_rps = one.search.lower();
        result.upper_rps = one.search.upper();
        return scene_.keep();
    }

    std::uint64_t scenario_number() const {
        return static_cast<std::uint64_t>(&scenario_ - scene_.report.suite.scenarios.data()) * 1'000'003 +
               static_cast<std::uint64_t>(&cell_ - scenario_.cells.data());
    }

    Position position_of(const Searcher& current) const {
        Position position;
        position.purpose = "search";
        position.scenario = scenario_.id;
        position.contender = scene_.contenders[current.contender].id;
        position.trial = position.trials = scene_.report.run.trials_planned;
        position.left_s = later_s_;
        for (const Searcher& one : searchers_)
            if (one.search.next_rate())
                position.left_s += scene_.runner.usual_s(cell_) *
                                   static_cast<double>(kUsualSearchTrials -
                                                       std::min(kUsualSearchTrials - 1, one.search.trials()));
        return position;
    }

    RunScene& scene_;
    const Scenario& scenario_;
    const Parameters& cell_;
    double later_s_;
    std::vector<Searcher> searchers_;
};

} // namespace

Parameters step_parameters(const Parameters& cell, double rate_per_s) {
    Parameters step = cell;
    step.search.reset();
    step.rate_per_s = rate_per_s;
    step.are_errors_expected = true; // a rate that is too high must fail, not be invalid
    return step;
}

SearchStep judge_step(const TrialRecord& trial, const Search& target, bool confirms_lower) {
    const load::Requests& requests = trial.requests;
    const std::uint64_t due = requests.sent + requests.unsent;
    const std::uint64_t lost = requests.errors.total() + requests.unsent + requests.in_flight_at_end;
    SearchStep step;
    step.rate_per_s = trial.parameters.rate_per_s.value_or(0);
    step.p99_us = trial.latency.p99_us;
    if (due > 0) step.error_ratio = static_cast<double>(lost) / static_cast<double>(due);
    const bool loses_too_many = step.error_ratio > target.error_ratio;
    const bool holds = due > 0 && !loses_too_many && step.p99_us && *step.p99_us <= target.p99_us;
    const bool is_valid = trial.verdict == Verdict::kValid && due > 0 && (step.p99_us || loses_too_many);
    step.is_valid = is_valid || ((holds || (confirms_lower && due > 0)) && is_only_late(trial));
    step.has_passed = step.is_valid && holds;
    return step;
}

CapacitySearch replay(const SearchResult& result) {
    const double least = kLeastSamples / result.parameters.duration_s;
    CapacitySearch search(kSearchStartRate, std::min(least, workload::kMostRate / 2), workload::kMostRate);
    for (const SearchStep& step : result.steps) {
        if (step.is_valid)
            search.take(step.has_passed);
        else
            search.take_invalid();
    }
    return search;
}

Outcome run_searches(RunScene& scene, double later_s) {
    for (const Scenario& scenario : scene.report.suite.scenarios)
        for (const Parameters& cell : scenario.cells) {
            if (!cell.search) continue;
            if (scene.runner.is_stopped()) return ok();
            if (Outcome ran = CellSearch(scene, scenario, cell, later_s).run(); !ran) return ran;
        }
    return ok();
}

double search_seconds(const Suite& suite, const std::vector<Contender>& contenders, Duration rest) {
    double seconds = 0;
    for (const Scenario& scenario : suite.scenarios)
        for (const Parameters& cell : scenario.cells)
            for (const Contender& contender : contenders)
                if (cell.search && missing_options(contender, cell).empty())
                    seconds += kUsualSearchTrials * trial_seconds(cell, rest);
    return seconds;
}

} // namespace kvduel::experiment
