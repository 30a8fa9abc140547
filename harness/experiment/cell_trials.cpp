#include "harness/experiment/cell_trials.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace kvduel::experiment {

namespace {

bool was_cut_short(const TrialRecord& trial) {
    return std::ranges::find(trial.warnings, "interrupted", &Warning::code) != trial.warnings.end();
}

/// The trials of two contenders in one run of a cell: block and repetition.
using Runs = std::map<std::pair<unsigned, unsigned>, BlockPair>;

Runs runs_of(const CellTrials& cell, std::string_view first, std::string_view second) {
    Runs runs;
    for (const TrialRecord* trial : cell.trials) {
        if (was_cut_short(*trial)) continue;
        BlockPair& run = runs[{trial->block, trial->repetition}];
        run.block = trial->block;
        if (trial->contender == first) run.first = trial;
        if (trial->contender == second) run.second = trial;
    }
    std::erase_if(
        runs, [](const auto& run) { return run.second.first == nullptr || run.second.second == nullptr; });
    return runs;
}

} // namespace

std::vector<CellTrials> by_cell(const std::vector<TrialRecord>& trials) {
    std::vector<CellTrials> cells;
    for (const TrialRecord& trial : trials) {
        auto cell = std::find_if(cells.begin(), cells.end(), [&](const CellTrials& known) {
            return known.example->scenario == trial.scenario && known.example->parameters == trial.parameters;
        });
        if (cell == cells.end()) cell = cells.insert(cells.end(), CellTrials{&trial, {}, {}});
        auto& names = cell->contenders;
        if (std::find(names.begin(), names.end(), trial.contender) == names.end())
            names.push_back(trial.contender);
        cell->trials.push_back(&trial);
    }
    return cells;
}

bool stands(std::span<const TrialRecord* const> of_cell, const TrialRecord& trial) {
    const auto supersedes = [&](const TrialRecord* other) {
        return other->contender == trial.contender && other->block == trial.block &&
               other->repetition > trial.repetition && other->verdict == Verdict::kValid;
    };
    return trial.verdict == Verdict::kValid && std::ranges::none_of(of_cell, supersedes);
}

std::vector<BlockPair> block_pairs(const CellTrials& cell, std::string_view first, std::string_view second) {
    std::vector<BlockPair> pairs;
    for (const auto& [place, run] : runs_of(cell, first, second)) { // a later repetition comes later
        if (pairs.empty() || pairs.back().block != run.block) pairs.push_back({run.block, nullptr, nullptr});
        if (run.first->verdict == Verdict::kValid && run.second->verdict == Verdict::kValid)
            pairs.back() = run;
    }
    return pairs;
}

} // namespace kvduel::experiment
