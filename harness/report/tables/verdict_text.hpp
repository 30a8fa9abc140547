#pragma once

#include "harness/experiment/record/report.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::report {

// Comparisons in words. Pure.

/// "RPS", "P99": a judged metric in a sentence or over a column.
std::string_view short_name(std::string_view metric);

/// The winner's id, "equivalent" or "undecided".
std::string verdict_word(const experiment::Comparison& comparison);

/// Of a win the winner's figure over the loser's, else second over first, with the 95 % interval if there is
/// one. None if no block has the figure of both.
struct ShownRatio {
    double ratio = 1;
    std::optional<double> lower;
    std::optional<double> upper;
};
std::optional<ShownRatio> shown_ratio(const experiment::Comparison& comparison);

/// The comparison and its reasons; the reasons are one to a line behind it.
///   async wins: 1.08x the RPS of threads [1.03, 1.12], 5 blocks
///   equivalent: threads has 1.00x the RPS of async [0.99, 1.01], 5 blocks
///   undecided: threads has 0.98x the RPS of async [0.91, 1.05], 5 blocks; about 24 would decide
std::vector<std::string> verdict_lines(const experiment::Comparison& comparison);

} // namespace kvduel::report
