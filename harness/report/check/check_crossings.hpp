#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/report/json/fields.hpp"

namespace kvduel::report {

/// The part of check_report() about cells that were inserted: only where the suite asks for it, within the
/// bounds, and each between cells of the grid on its line.
void check_inserted(const experiment::RunReport& report, const Place& root, Faults& faults);

/// The part about `crossings`: they are what the comparisons give. While a run has not finished the list is
/// empty.
void check_crossings(const experiment::RunReport& report, const Place& root, Faults& faults);

} // namespace kvduel::report
