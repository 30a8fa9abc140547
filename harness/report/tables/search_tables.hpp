#pragma once

#include "harness/experiment/record/report.hpp"

#include <string>

namespace kvduel::report {

/// For each cell that was searched a headline, a line for each contender with the interval of its capacity,
/// and who wins: one whose lower end lies above the other's upper end, and nobody else. Aligned, or as
/// Markdown. Pure; empty if nothing was searched.
std::string search_tables(const experiment::RunReport& report, bool is_markdown);

} // namespace kvduel::report
