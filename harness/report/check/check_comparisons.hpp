#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/report/json/fields.hpp"

namespace kvduel::report {

/// The part of check_report() about `comparisons`: bounds in order and around the ratio, words that follow
/// from their own numbers, and all of it what the trials give again. While a run has not finished the list is
/// empty.
void check_comparisons(const experiment::RunReport& report, const Place& root, Faults& faults);

} // namespace kvduel::report
