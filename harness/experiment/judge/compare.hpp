#pragma once

#include "harness/experiment/record/report.hpp"

#include <vector>

namespace kvduel::experiment {

/// Who is better, for each cell, pair of contenders and judged metric (margins.hpp), in the order in which
/// cells first appear, then of `contenders`, whose earlier one of a pair is "first", then of margins().
///
/// d = ln(second / first) of each block that has a valid pair; estimate and intervals by n
/// (stats/paired_estimate.hpp); p adjusted over a family, which is all endpoints of one pair of contenders in
/// the run (stats/family.hpp); the word by stats/verdict.hpp. The rows of a family are blocks: a sign flip
/// turns all cells of a block at once.
///
/// Cells may have fewer pairs than others, since an invalid trial takes its pair with it: each endpoint then
/// has the method for its own n, and the family shares its error between the methods. Who loses pairs may
/// lose them for a reason: with over kMaxLostShare of its blocks lost an endpoint is undecided. Pure; the
/// work is bounded by stats/sign_flip.hpp, well under a second a pair of contenders.
std::vector<Comparison> compare(const std::vector<TrialRecord>& trials,
                                const std::vector<Contender>& contenders);

/// Does the row's word follow from its own numbers? Pure.
ComparisonVerdict verdict_of(const Comparison& row);

/// The comparisons of a report: those it holds, or while its run has not finished those of its trials so far.
std::vector<Comparison> comparisons_of(const RunReport& report);

} // namespace kvduel::experiment
