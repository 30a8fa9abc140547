#include "harness/experiment/judge/repeated_blocks.hpp"

#include "harness/experiment/judge/margins.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace kvduel::experiment {

namespace {

bool was_its_result_refused(const TrialRecord& trial) {
    return trial.verdict == Verdict::kInvalid &&
           std::ranges::any_of(trial.warnings,
                               [](const Warning& warning) { return looks_at_the_result(warning.code); });
}

/// The run that each block stands by: its latest in which all is valid, 0 if none is.
std::map<unsigned, unsigned> standing_runs(const CellTrials& cell) {
    std::map<unsigned, std::map<unsigned, bool>> is_valid; // by block and run
    for (const TrialRecord* trial : cell.trials) {
        bool& is_run_valid = is_valid[trial->block].try_emplace(trial->repetition, true).first->second;
        is_run_valid = is_run_valid && trial->verdict == Verdict::kValid;
    }
    std::map<unsigned, unsigned> standing;
    for (const auto& [block, runs] : is_valid) {
        standing[block] = 0;
        for (const auto& [run, is_run_valid] : runs)
            if (is_run_valid) standing[block] = run;
    }
    return standing;
}

RepeatedBlocks count(const CellTrials& cell) {
    RepeatedBlocks counted{cell.example, 0, 0, {}};
    const std::map<unsigned, unsigned> standing = standing_runs(cell);
    std::set<unsigned> repeated;
    std::map<std::string, std::set<unsigned>> by_contender;
    for (const TrialRecord* trial : cell.trials) {
        if (!was_its_result_refused(*trial) || trial->repetition >= standing.at(trial->block)) continue;
        repeated.insert(trial->block);
        by_contender[trial->contender].insert(trial->block);
    }
    counted.blocks = static_cast<unsigned>(standing.size());
    counted.repeated = static_cast<unsigned>(repeated.size());
    for (const auto& [contender, blocks] : by_contender)
        counted.by_contender[contender] = static_cast<unsigned>(blocks.size());
    return counted;
}

} // namespace

bool looks_at_the_result(std::string_view code) {
    constexpr std::array<std::string_view, 3> kCodes{"generator_saturated", "send_late",
                                                     "offered_rate_missed"};
    return std::ranges::find(kCodes, code) != kCodes.end();
}

std::vector<RepeatedBlocks> repeated_blocks(const std::vector<TrialRecord>& trials) {
    std::vector<RepeatedBlocks> cells;
    for (const CellTrials& cell : by_cell(trials))
        if (RepeatedBlocks counted = count(cell); counted.repeated > kMaxLostShare * counted.blocks)
            cells.push_back(std::move(counted));
    return cells;
}

} // namespace kvduel::experiment
