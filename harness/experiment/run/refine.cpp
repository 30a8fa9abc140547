#include "harness/experiment/run/refine.hpp"

#include "harness/experiment/judge/compare.hpp"
#include "harness/experiment/judge/insertion.hpp"
#include "harness/experiment/plan/axis.hpp"
#include "harness/experiment/plan/trial_order.hpp"
#include "harness/experiment/run/block_run.hpp"
#include "harness/experiment/run/estimate.hpp"

#include <algorithm>
#include <functional>

namespace kvduel::experiment {

namespace {

bool is_refined(const Suite& suite) {
    return std::ranges::any_of(suite.scenarios, [](const Scenario& one) { return one.refine.has_value(); });
}

std::vector<CellPlace> insert(RunScene& scene) {
    Suite& suite = scene.report.suite;
    std::vector<CellPlace> places;
    for (Insertion& next : next_insertions(suite, compare(scene.report.trials, scene.report.contenders))) {
        Scenario& scenario = suite.scenarios[next.scenario];
        scene.progress.refining(scenario, next);
        places.push_back({next.scenario, scenario.cells.size()});
        scenario.cells.push_back(std::move(next.cell));
        ++scenario.inserted;
    }
    return places;
}

/// Behind the places that the block's trials have so far: a place is given once.
void move_behind(const std::vector<TrialRecord>& trials, std::vector<PlannedTrial>& plan) {
    for (PlannedTrial& planned : plan) {
        unsigned last = 0;
        for (const TrialRecord& trial : trials)
            if (trial.block == planned.block) last = std::max(last, trial.order_in_block);
        planned.order_in_block += last;
    }
}

Outcome run_inserted(RunScene& scene, const std::vector<CellPlace>& cells, double later_s) {
    RunReport& report = scene.report;
    std::vector<PlannedTrial> plan = plan_inserted(report.suite, cells, scene.contenders, report.run.seed);
    move_behind(report.trials, plan);
    report.run.trials_planned = count_planned(report.suite, scene.contenders);
    return run_blocks(scene, plan, later_s, report.run.trials_planned - static_cast<unsigned>(plan.size()));
}

/// How many cells may be put between the ends of a line.
std::size_t room_on(const AxisLine& line) {
    std::uint64_t room = 0;
    for (std::size_t i = 1; i < line.size(); ++i)
        if (!is_fine(line[i - 1].value, line[i].value)) room += line[i].value - line[i - 1].value - 1;
    return static_cast<std::size_t>(std::min<std::uint64_t>(room, kMostInsertedPerLine));
}

/// A block of the dearest cell of a line.
double block_seconds(const Scenario& scenario, const AxisLine& line, const std::vector<Contender>& contenders,
                     Duration rest) {
    double most = 0;
    for (const AxisPoint& point : line) {
        const Parameters& cell = scenario.cells[point.cell];
        const auto runners = std::ranges::count_if(
            contenders, [&](const Contender& one) { return missing_options(one, cell).empty(); });
        if (runners > 1) most = std::max(most, static_cast<double>(runners) * trial_seconds(cell, rest));
    }
    return most;
}

} // namespace

Outcome refine(RunScene& scene, double later_s) {
    scene.refinement_s = 0;
    if (!is_refined(scene.report.suite)) return ok();
    std::vector<CellPlace> cells = inserted_cells(scene.report.suite);
    do {
        if (Outcome ran = run_inserted(scene, cells, later_s); !ran) return ran;
        if (scene.runner.is_stopped()) return ok();
        cells = insert(scene);
    } while (!cells.empty());
    return ok();
}

double refinement_seconds(const Suite& suite, const std::vector<Contender>& contenders, Duration rest) {
    std::vector<double> costs; // of a block of each cell that may come
    double opening_s = 0;
    for (const Scenario& scenario : suite.scenarios)
        for (const AxisLine& line : axis_lines(scenario)) {
            const double block_s = block_seconds(scenario, line, contenders, rest);
            const std::size_t room = block_s > 0 ? room_on(line) : 0;
            costs.insert(costs.end(), room, block_s);
            if (room > 0)
                opening_s = std::max(
                    opening_s, trial_seconds(opening_parameters(scenario.cells[line.back().cell]), rest));
        }
    std::ranges::sort(costs, std::greater<>());
    costs.resize(std::min<std::size_t>(costs.size(), kMostInserted));
    const std::size_t rounds = std::min<std::size_t>(costs.size(), kMostInsertedPerLine);
    double seconds = static_cast<double>(rounds) * opening_s;
    for (const double cost : costs) seconds += cost;
    return seconds * suite.repetitions;
}

} // namespace kvduel::experiment
