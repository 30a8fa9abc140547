#include "harness/experiment/record/cell_trials.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace kvduel::experiment {

namespace {

bool was_cut_short(const TrialRecord& trial) {
    return std::ranges::find(trial.warnings, "interrupted", &Warning::code) != trial.warnings.end();
}

/// Of the trials of one contender in a cell, by block the latest valid one; with `needs_pair` only of runs in
/// which another contender's is valid too, if another has one.
std::map<unsigned, const TrialRecord*> latest_valid(std::span<const TrialRecord* const> of_cell,
                                                    std::string_view contender, bool needs_pair) {
    struct Run {
        unsigned trials = 0;
        unsigned valid = 0;
    };
    std::map<std::pair<unsigned, unsigned>, Run> runs;
    bool has_others = false;
    for (const TrialRecord* trial : of_cell) {
        has_others = has_others || trial->contender != contender;
        Run& run = runs[{trial->block, trial->repetition}];
        ++run.trials;
        run.valid += trial->verdict == Verdict::kValid ? 1 : 0;
    }
    std::map<unsigned, const TrialRecord*> latest;
    for (const TrialRecord* trial : of_cell) {
        if (trial->contender != contender || trial->verdict != Verdict::kValid) continue;
        const Run& run = runs[{trial->block, trial->repetition}];
        if (needs_pair && has_others && run.valid < 2) continue;
        const TrialRecord*& known = latest[trial->block];
        if (known == nullptr || known->repetition < trial->repetition) known = trial;
    }
    return latest;
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

std::vector<const TrialRecord*> standing_trials(std::span<const TrialRecord* const> of_cell,
                                                std::string_view contender) {
    auto latest = latest_valid(of_cell, contender, true);
    if (latest.empty()) latest = latest_valid(of_cell, contender, false);
    std::vector<const TrialRecord*> standing;
    for (const auto& [block, trial] : latest) standing.push_back(trial);
    return standing;
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
