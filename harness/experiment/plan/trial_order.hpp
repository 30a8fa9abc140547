#pragma once

#include "harness/experiment/plan/suite.hpp"
#include "harness/workload/random.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace kvduel::experiment {

/// One trial to run: places in the suite and the list of contenders.
struct PlannedTrial {
    std::size_t scenario = 0;
    std::size_t cell = 0;
    std::size_t contender = 0;
    std::size_t group = 0; ///< of a cell's contenders, those that are compared; 0 where all are
    unsigned block = 1;
    unsigned order_in_block = 1;
    std::size_t environment_padding = 0; ///< 0 to 4,095

    bool operator==(const PlannedTrial&) const = default;
};

/// Is the cell measured by trials in blocks, and is its rate known? A search is not, and a share of a
/// capacity is not until that was measured.
bool is_run_in_blocks(const Parameters& cell);

/// How much longer than usual the environment of a trial's process is, by a draw of the trial's own.
std::size_t drawn_padding(workload::Draw draw);

/// The seed of a pair's load: the same for all its contenders, another one when it is repeated.
std::uint64_t load_seed(std::uint64_t seed, const PlannedTrial& trial, unsigned repetition);

/// The options that `cell` sets and `contender` does not have, by name. A server that runs already has none:
/// nobody can tell it what the others are told, and beside them it would be judged for that.
std::vector<std::string> missing_options(const Contender& contender, const Parameters& cell);

/// A cell of the suite, by place.
struct CellPlace {
    std::size_t scenario = 0;
    std::size_t cell = 0;

    bool operator==(const CellPlace&) const = default;
};

/// All trials of the cells that the suite asks for, in the order they run. A block has every cell with every
/// contender once; a cell's trials are neighbours. Odd blocks draw the order of cells and of contenders, even
/// blocks reverse the one before: linear drift and the cost of a place cancel out (docs/how-it-measures.md).
/// A contender that misses an option of a cell is left out of it, as is a cell that is not run in blocks.
/// Pure: the seed decides all.
std::vector<PlannedTrial> plan_trials(const Suite& suite, const std::vector<Contender>& contenders,
                                      std::uint64_t seed);

/// The same for cells that were inserted. What is drawn for a cell (contenders, place among others) does not
/// depend on which other cells there are, so a run that goes on draws it again. Places count from 1 in each
/// block.
std::vector<PlannedTrial> plan_inserted(const Suite& suite, const std::vector<CellPlace>& cells,
                                        const std::vector<Contender>& contenders, std::uint64_t seed);

/// The cells that were inserted so far, in the order of the suite.
std::vector<CellPlace> inserted_cells(const Suite& suite);

/// How many trials both plans have.
unsigned count_planned(const Suite& suite, const std::vector<Contender>& contenders);

} // namespace kvduel::experiment
