#pragma once

#include "harness/experiment/record/trial.hpp"
#include "harness/report/json/fields.hpp"

namespace kvduel::report {

/// The part of check_report() that one trial can answer alone; faults are named below `place`.
void check_trial_figures(const experiment::TrialRecord& trial, const Place& place, Faults& faults);

} // namespace kvduel::report
