#pragma once

#include "core/support/error.hpp"
#include "harness/experiment/record/report.hpp"

#include <string_view>

namespace kvduel::report {

/// Does the report agree with itself? Judged, beyond the schema: conservation of requests, percentiles
/// against their histograms, rates against counts, intervals against the window, verdicts against the codes
/// of the warnings, trials against the suite, the summary against the trials, remedies against the doctor's
/// verdicts. The first fault is the error
/// (kBadInput, `file#/pointer`).
///
/// A trial that was found invalid for a broken law of conservation may break that law; everything derived
/// must still follow from what stands beside it. Pure.
Outcome check_report(const experiment::RunReport& report, std::string_view file);

} // namespace kvduel::report
