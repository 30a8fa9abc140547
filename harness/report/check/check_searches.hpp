#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/report/json/fields.hpp"

namespace kvduel::report {

/// Does the outcome of each search follow from its steps, and each step's from its figures?
void check_searches(const experiment::RunReport& report, const Place& root, Faults& faults);

} // namespace kvduel::report
