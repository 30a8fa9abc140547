#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/report/json/fields.hpp"

namespace kvduel::report {

/// Do the medians follow from the trials beside them, and the rates of the suite's cells from the medians?
void check_capacities(const experiment::RunReport& report, const Place& root, Faults& faults);

} // namespace kvduel::report
