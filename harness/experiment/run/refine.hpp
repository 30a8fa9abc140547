#pragma once

#include "harness/experiment/run/run_scene.hpp"

#include <vector>

namespace kvduel::experiment {

/// Narrows the boundaries of the scenarios that ask for it (Scenario::refine), after the grid's blocks:
/// judges all cells (compare()), inserts those of next_insertions() behind the cells of their scenario, runs
/// them in all blocks as the grid was run, and again, until none is wanted. All cells that a round inserts
/// are measured together, block by block. What inserted cells of a run that goes on are missing is run first.
///
/// A round decides with the words of its moment; the report's are made at the end from all cells. Cells are
/// inserted only beside a win: between contenders that are alike, the chance that anything is refined at all
/// is that of a false win in the grid, 5 % for its family.
///
/// `later_s`, errors and stopping as of run_blocks().
Outcome refine(RunScene& scene, double later_s);

/// The most it may take, without repeats of invalid pairs: all cells that the bounds allow, at the cost of
/// the dearest of their lines, and openings as if each round inserted one in a line.
double refinement_seconds(const Suite& suite, const std::vector<Contender>& contenders, Duration rest);

} // namespace kvduel::experiment
