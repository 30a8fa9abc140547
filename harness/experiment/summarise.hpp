#pragma once

#include "harness/experiment/report.hpp"

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

/// The metric's value in a trial; absent if the trial does not have it. An unknown name gives none.
std::optional<double> metric_value(const TrialRecord& trial, std::string_view metric);

/// A row per scenario, cell, contender and metric, in the order of first appearance, over valid trials alone;
/// of a cell that was run again in a block, over the last valid one. A contender whose trials are all invalid
/// has rows with n = 0 and no figures. Pure.
std::vector<SummaryRow> summarise(const std::vector<TrialRecord>& trials);

/// How many of the planned trials have been run, each counted once however often it was repeated. Pure.
unsigned trials_done(const std::vector<TrialRecord>& trials);

/// Two contenders of a cell, by the blocks in which both trials are valid: ratio = leader's RPS over the
/// other's.
struct Lead {
    std::string scenario;
    Parameters parameters;
    std::string ahead; ///< the one with the higher median ratio
    std::string behind;
    unsigned blocks = 0;       ///< 0: no block has both; the ratios are absent
    unsigned blocks_ahead = 0; ///< in how many of them the leader was ahead
    std::optional<double> median_ratio;
    std::optional<double> min_ratio;
    std::optional<double> max_ratio;
};

/// A lead for each pair of contenders of each cell, in the order of first appearance. Pure.
std::vector<Lead> leads(const std::vector<TrialRecord>& trials);

/// "async was ahead of threads: 1.25x RPS (median of 5 blocks, 1.22x to 1.29x, ahead in 5)". States what was
/// seen and claims no significance.
std::string sentence(const Lead& lead);

} // namespace kvduel::experiment
