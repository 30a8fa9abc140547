#pragma once

#include "harness/experiment/record/cell_trials.hpp"
#include "harness/experiment/record/report.hpp"

#include <string>
#include <vector>

namespace kvduel::gate {

/// Between rates that two runs made of the same share of a capacity, before a warning says that they differ.
inline constexpr double kMostRateChange = 0.05;

/// The cells that the suite asks for: those that a run inserted between them are its own.
std::vector<experiment::CellTrials> grid_cells(const experiment::RunReport& report);

/// Is it this cell, whatever rate its run made of a share of a capacity? Pure, as all here.
bool is_same_cell(const experiment::TrialRecord& trial, const std::string& scenario,
                  const experiment::Parameters& parameters);

/// A warning for each share of a capacity that is another rate in head, by over kMostRateChange.
std::vector<std::string> other_rates(const experiment::RunReport& base, const experiment::RunReport& head);

} // namespace kvduel::gate
