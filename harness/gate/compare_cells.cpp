#include "harness/gate/compare_cells.hpp"

#include "harness/experiment/run/resume.hpp"
#include "harness/experiment/text/number_text.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace kvduel::gate {

using experiment::CellTrials;
using experiment::number_text;
using experiment::Parameters;
using experiment::RunReport;

std::vector<CellTrials> grid_cells(const RunReport& report) {
    std::vector<CellTrials> cells = experiment::by_cell(report.trials);
    std::erase_if(cells, [&](const CellTrials& cell) {
        return std::ranges::none_of(report.suite.scenarios, [&](const experiment::Scenario& scenario) {
            const auto grid = std::span(scenario.cells).first(scenario.grid_cells());
            return scenario.id == cell.example->scenario &&
                   std::ranges::find(grid, cell.example->parameters) != grid.end();
        });
    });
    return cells;
}

bool is_same_cell(const experiment::TrialRecord& trial, const std::string& scenario,
                  const Parameters& parameters) {
    return trial.scenario == scenario &&
           experiment::cell_asked_for(trial.parameters) == experiment::cell_asked_for(parameters);
}

std::vector<std::string> other_rates(const RunReport& base, const RunReport& head) {
    std::vector<std::string> warnings;
    const std::vector<CellTrials> of_head = grid_cells(head);
    for (const CellTrials& cell : grid_cells(base)) {
        const Parameters& parameters = cell.example->parameters;
        const auto same = std::ranges::find_if(of_head, [&](const CellTrials& other) {
            return is_same_cell(*other.example, cell.example->scenario, parameters);
        });
        if (!parameters.load_fraction || same == of_head.end()) continue;
        const double then = parameters.rate_per_s.value_or(0);
        const double now = same->example->parameters.rate_per_s.value_or(0);
        if (std::abs(now - then) <= kMostRateChange * then) continue;
        warnings.push_back("rates_differ: " + cell.example->scenario + ": " +
                           experiment::percent_text(*parameters.load_fraction) + " of capacity was " +
                           number_text(then) + "/s in base and " + number_text(now) +
                           "/s in head: the same share, not the same load");
    }
    return warnings;
}

} // namespace kvduel::gate
