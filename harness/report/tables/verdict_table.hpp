#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/report/text/text_table.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kvduel::report {

/// All verdicts on two contenders, at a glance: a row a cell, a column a metric, in words.
///   verdicts, threads against async            RPS          P99        ...  blocks
///   hot-get: closed loop, 64 connections       async 1.08x  undecided (24)        5
struct VerdictOverview {
    std::string summary; ///< "async wins 7, threads 0, equivalent 3, undecided 5"
    TextTable table;
};

/// One for each pair of contenders, cells in the order of the suite. Pure, as all below.
std::vector<VerdictOverview> verdict_overviews(const experiment::RunReport& report,
                                               const std::vector<experiment::Comparison>& comparisons);

/// What the words and numbers of an overview mean.
std::string overview_note();

/// Every comparison with all its figures and reasons in a row.
TextTable verdict_details(const std::vector<experiment::Comparison>& comparisons);

/// For CSV: columns behind those of a contender in a cell, of its comparison with the first contender of the
/// run; empty for that one itself.
std::vector<std::string> comparison_titles();
std::vector<std::string> comparison_cells(const std::vector<experiment::Comparison>& comparisons,
                                          const std::string& base, const std::string& scenario,
                                          const experiment::Parameters& parameters,
                                          const std::string& contender);

} // namespace kvduel::report
