#pragma once

#include "core/support/error.hpp"
#include "harness/experiment/record/report.hpp"

namespace kvduel::experiment {

/// A cell as its suite asks for it: without the rate that a run made of its load_fraction. Two runs of one
/// suite have the same cells by this alone. Pure.
Parameters cell_asked_for(const Parameters& measured);

/// The suite that a run was asked for: that of its report without the rates that the run found out and
/// the cells that it inserted.
Suite suite_asked_for(const RunReport& report);

/// May the run of `old` go on as `now`, which was just prepared? Another machine (fingerprint), build (of
/// this binary or a contender's) or suite is a kInvalid error that names the difference: the figures would
/// not belong together. Pure.
Outcome check_same_run(const RunReport& old, const RunReport& now);

/// `old` as the report of the run that goes on, begun again at `now_text` (RFC 3339): all that was measured
/// stays; notes of `now` that are new are added.
RunReport continued(const RunReport& old, const RunReport& now, const std::string& now_text);

} // namespace kvduel::experiment
