#include "harness/experiment/judge/lost_pairs.hpp"

#include "harness/experiment/record/cell_trials.hpp"

#include <algorithm>
#include <cstddef>
#include <set>

namespace kvduel::experiment {

namespace {

unsigned valid_blocks(const CellTrials& cell) {
    std::set<unsigned> blocks;
    for (const TrialRecord* trial : cell.trials)
        if (trial->verdict == Verdict::kValid) blocks.insert(trial->block);
    return static_cast<unsigned>(blocks.size());
}

unsigned valid_pairs(const CellTrials& cell, const std::string& first, const std::string& second) {
    return static_cast<unsigned>(std::ranges::count_if(
        block_pairs(cell, first, second), [](const BlockPair& pair) { return pair.first != nullptr; }));
}

} // namespace

LostPairs lost_pairs(const RunReport& report) {
    LostPairs pairs;
    const auto add = [&](unsigned valid, const std::string& name) {
        pairs.planned += report.suite.repetitions;
        pairs.lost += report.suite.repetitions - std::min(valid, report.suite.repetitions);
        if (valid == 0) pairs.unmeasured.push_back(name);
    };
    for (const CellTrials& cell : by_cell(report.trials)) {
        const std::string scenario = cell.example->scenario + ": ";
        const std::vector<std::string>& ids = cell.contenders;
        if (ids.size() == 1) add(valid_blocks(cell), scenario + ids.front());
        for (std::size_t i = 0; i < ids.size(); ++i)
            for (std::size_t k = i + 1; k < ids.size(); ++k)
                add(valid_pairs(cell, ids[i], ids[k]), scenario + ids[i] + " and " + ids[k]);
    }
    return pairs;
}

} // namespace kvduel::experiment
