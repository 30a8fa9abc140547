#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/report/text/text_table.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kvduel::report {

/// Where a contender's mean latency went in a cell: the arithmetic means over its valid trials that tell it,
/// so that the parts still add up.
struct SplitRow {
    std::string contender;
    unsigned trials = 0; ///< that tell it
    double mean_us = 0;
    experiment::LatencySplit split;
};

/// A row for each of `contenders` whose server told its part in a trial of the cell that stands: the same
/// trials that its medians are of. Pure, as all
/// below.
std::vector<SplitRow> split_rows(const experiment::RunReport& report, const std::string& scenario,
                                 const experiment::Parameters& parameters,
                                 const std::vector<std::string>& contenders);

TextTable split_table(const std::vector<SplitRow>& rows, std::string_view first_title);

/// What the columns hold, and why there are no percentiles.
inline constexpr std::string_view kSplitNote = "mean latency = before send (due to send) + queue wait (in "
                                               "the server: known of to started) + handler (started "
                                               "to answered) + rest (kernel, loopback, parsing, the wait in "
                                               "socket buffers, the generator); means add up, "
                                               "percentiles do not";

} // namespace kvduel::report
