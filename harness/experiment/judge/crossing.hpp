#pragma once

#include "harness/experiment/record/report.hpp"

#include <vector>

namespace kvduel::experiment {

/// Where the words along the axis of a refined scenario change: a row for each pair of decided neighbours
/// (first, second or equivalent) with different words; what lies between them undecided belongs to the strip.
/// In the order of the suite, of the pairs of contenders, of the lines, and from the low end up.
///
/// A strip is worth what its two words are: a win is right in the sense of the family of all comparisons of
/// the two contenders, with the inserted cells; "equivalent" is at 5 % for its cell alone. Pure.
std::vector<Crossing> crossings(const Suite& suite, const std::vector<Comparison>& comparisons);

/// Those of a report: those it holds, or while its run has not finished those of its trials so far.
std::vector<Crossing> crossings_of(const RunReport& report);

} // namespace kvduel::experiment
