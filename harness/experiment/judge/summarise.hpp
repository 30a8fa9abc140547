#pragma once

#include "harness/experiment/record/report.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::experiment {

/// A number of a trial that is summarised and compared.
struct Metric {
    std::string_view name; ///< "throughput_rps"
    std::string_view unit; ///< "1/s"
    bool is_higher_better;
    std::string_view meaning;
};

/// The table of metrics, in the order of the tables.
std::span<const Metric> metrics();

/// Of an unknown name: no.
bool is_higher_better(std::string_view metric);

/// The metric's value in a trial; absent if the trial does not have it. An unknown name gives none.
std::optional<double> metric_value(const TrialRecord& trial, std::string_view metric);

/// A row per scenario, cell, contender and metric, in the order of first appearance, over valid trials alone;
/// of a cell that was run again in a block, over the last valid one. A contender whose trials are all invalid
/// has rows with n = 0 and no figures. The interval is that of the median
/// (stats/median_interval.hpp); for three to five trials that of the geometric mean, by Student's t. Pure.
std::vector<SummaryRow> summarise(const std::vector<TrialRecord>& trials);

/// How many of the planned trials have been run, each counted once however often it was repeated. Pure.
unsigned trials_done(const std::vector<TrialRecord>& trials);

} // namespace kvduel::experiment
