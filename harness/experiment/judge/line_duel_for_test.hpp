#pragma once

#include "harness/experiment/judge/compare.hpp"
#include "harness/experiment/judge/duel_for_test.hpp"
#include "harness/experiment/judge/insertion.hpp"

#include <functional>
#include <vector>

namespace kvduel::experiment {

/// For tests: what b's throughput is to a's in a cell, by block: 6 of them.
using RatiosAt = std::function<std::vector<double>(const Parameters&)>;

/// Six blocks that leave no doubt.
inline std::vector<double> clearly(double ratio) {
    return {ratio, ratio * 1.002, ratio * 0.999, ratio, ratio * 1.001, ratio * 0.998};
}
inline std::vector<double> unclear() {
    return {0.7, 1.4, 1.1, 0.8, 1.3, 0.9};
}

/// A suite of one scenario that is refined, with a line of connections for each wait.
inline Suite line_suite(const std::vector<unsigned>& connections, unsigned lines = 1) {
    Suite suite;
    Scenario& scenario = suite.scenarios.emplace_back();
    scenario.id = "waits";
    scenario.refine = Refine{Axis::kConnections};
    for (unsigned line = 1; line <= lines; ++line)
        for (const unsigned count : connections) {
            Parameters& cell = scenario.cells.emplace_back();
            cell.connections = count;
            cell.server["work_wait_us"] = std::to_string(line * 1'000);
        }
    return suite;
}

inline std::vector<Comparison> duel_on(const Suite& suite, const RatiosAt& ratios_at) {
    std::vector<TrialRecord> trials;
    for (const Scenario& scenario : suite.scenarios)
        for (const Parameters& cell : scenario.cells)
            for (TrialRecord& trial : duel(ratios_at(cell))) {
                trial.scenario = scenario.id;
                trial.parameters = cell;
                trials.push_back(std::move(trial));
            }
    return compare(trials, duellists());
}

/// Inserts until nothing is wanted; the comparisons of all cells.
inline std::vector<Comparison> refine_by(Suite& suite, const RatiosAt& ratios_at) {
    for (;;) {
        std::vector<Comparison> comparisons = duel_on(suite, ratios_at);
        const std::vector<Insertion> next = next_insertions(suite, comparisons);
        if (next.empty()) return comparisons;
        for (const Insertion& one : next) {
            suite.scenarios[one.scenario].cells.push_back(one.cell);
            ++suite.scenarios[one.scenario].inserted;
        }
    }
}

} // namespace kvduel::experiment
