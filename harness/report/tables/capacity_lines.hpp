#pragma once

#include "harness/experiment/record/report.hpp"

#include <string>
#include <vector>

namespace kvduel::report {

/// "capacity of tail-at-load: threads 41,200/s, async 52,700/s (closed loop, 64 connections; medians of 3)":
/// a line for each capacity that was measured. Pure.
std::vector<std::string> capacity_lines(const experiment::RunReport& report);

} // namespace kvduel::report
