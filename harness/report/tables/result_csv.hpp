#pragma once

#include "harness/experiment/record/report.hpp"

#include <string>

namespace kvduel::report {

/// The results for programs: a row a contender and cell, names of the metrics as titles, figures with all
/// their digits; behind them the comparison with the first contender of the run. Pure.
std::string csv_of(const experiment::RunReport& report);

} // namespace kvduel::report
