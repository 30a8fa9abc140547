#pragma once

#include "harness/experiment/record/trial.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::experiment {

/// All trials of one cell, and its contenders, in the order they first appear. Points into the trials it was
/// made of.
struct CellTrials {
    const TrialRecord* example;
    std::vector<std::string> contenders;
    std::vector<const TrialRecord*> trials;
};

/// A CellTrials for each cell, in the order of first appearance. `trials` must outlive them. Pure, as below.
std::vector<CellTrials> by_cell(const std::vector<TrialRecord>& trials);

/// The trials that count for a contender, by block: each block's latest that a comparison takes, so that
/// medians are over the blocks that the ratios beside them are over. A valid trial whose pair was lost counts
/// for nothing: where one contender failed, the blocks of the other alone would be a selection. A contender
/// that is in no pair at all, alone in the cell or beside others that failed in every block, has each block's
/// latest valid trial. `of_cell`: all trials of its cell.
std::vector<const TrialRecord*> standing_trials(std::span<const TrialRecord* const> of_cell,
                                                std::string_view contender);

/// What one block has of two contenders. Both absent: their pair is lost, as no run of the cell in that block
/// has a valid trial of both.
struct BlockPair {
    unsigned block = 0;
    const TrialRecord* first = nullptr;
    const TrialRecord* second = nullptr;
};

/// By block, as trial.hpp says what a pair is. A block that no run of both contenders finished is not in it.
std::vector<BlockPair> block_pairs(const CellTrials& cell, std::string_view first, std::string_view second);

} // namespace kvduel::experiment
