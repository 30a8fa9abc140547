#pragma once

#include "harness/experiment/plan/suite.hpp"

#include <span>
#include <string_view>

namespace kvduel::experiment {

/// A metric that is judged, and the smallest difference of it that matters. The figures are reviewed: a
/// change to the table is a change of its own, never part of one that it judges. At the least twice the 95th
/// percentile of what one server differs from itself by (docs/how-it-measures.md, the noise).
struct Margin {
    std::string_view metric; ///< a row of metrics()
    double margin;           ///< a factor of 1 + margin, either way
    double sd_floor;         ///< of ln ratios: the least that three to five blocks are believed
};

/// In the order of the tables. What is not in it is reported, not judged.
std::span<const Margin> margins();

/// In an open loop no throughput, which is the rate that was asked for, unless more is asked than the servers
/// can do: a share of a capacity over 1, or of a given rate that errors are expected. No CPU per request
/// where much of it is spent on others than the requests that it is divided by: where requests are refused, a
/// refusal counts like an answer, and whoever answers more for its CPU would look alike; beside noise, a
/// closed loop, whoever answers nonsense faster gets more of it. Else all. Pure.
bool is_judged(const Margin& margin, const Parameters& cell);

/// The metric that a cell is about: throughput where it is judged, else P99. Pure.
std::string_view main_metric(const Parameters& cell);

/// A difference with more lost pairs than this share is not judged: what is left may be a selection.
inline constexpr double kMaxLostShare = 0.2;

} // namespace kvduel::experiment
