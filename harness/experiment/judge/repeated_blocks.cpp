#include "harness/experiment/judge/repeated_blocks.hpp"

#include "harness/experiment/judge/margins.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace kvduel::experiment {

namespace {

bool was_its_result_refused(const TrialRecord& trial) {
    return trial.verdict == Verdict::kInvalid &&
           std::ranges::any_of(trial.warnings,
                               [](const Warning& warning) { return looks_at_the_result(warning.code); });
}

/// By block and contender the run that it stands by: its latest with a valid trial of it and of another.
using Standing = std::map<std::pair<unsigned, std::string>, unsigned>;

Standing standing_runs(const CellTrials& cell) {
    std::map<std::pair<unsigned, unsigned>, unsigned> valid; // by block and run
    for (const TrialRecord* trial : cell.trials)
        if (trial->verdict == Verdict::kValid) ++valid[{trial->block, trial->repetition}];
    Standing standing;
    for (const TrialRecord* trial : cell.trials) {
        if (trial->verdict != Verdict::kValid || valid[{trial->block, trial->repetition}] < 2) continue;
        unsigned& run = standing[{trial->block, trial->contender}];
        run = std::max(run, trial->repetition);
    }
    return standing;
}

RepeatedBlocks count(const CellTrials& cell) {
    RepeatedBlocks counted{cell.example, 0, 0, {}};
    Standing standing = standing_runs(cell);
    std::set<unsigned> blocks;
    std::set<unsigned> repeated;
    std::map<std::string, std::set<unsigned>> by_contender;
    for (const TrialRecord* trial : cell.trials) {
        blocks.insert(trial->block);
        if (!was_its_result_refused(*trial) ||
            trial->repetition >= standing[{trial->block, trial->contender}])
            continue;
        repeated.insert(trial->block);
        by_contender[trial->contender].insert(trial->block);
    }
    counted.blocks = static_cast<unsigned>(blocks.size());
    counted.repeated = static_cast<unsigned>(repeated.size());
    for (const auto& [contender, own] : by_contender)
        counted.by_contender[contender] = static_cast<unsigned>(own.size());
    return counted;
}

} // namespace

bool looks_at_the_result(std::string_view code) {
    constexpr std::array<std::string_view, 4> kCodes{"generator_saturated", "send_late",
                                                     "offered_rate_missed", "slices_too_short"};
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
