#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/experiment/run/progress.hpp"
#include "harness/experiment/text/json_readers.hpp"
#include "harness/gate/gate.hpp"

#include <atomic>
#include <optional>

namespace kvduel::gate {

/// Over this share of CPU time stolen, as the median over blocks, nothing is concluded.
inline constexpr double kMostSteal = 0.03;

struct GateEnd {
    experiment::RunReport report;
    GateResult result;
    std::optional<Error> write_error; ///< the sink's, after at least one trial
    bool is_interrupted = false;
};

/// Runs blocks of base against head until the rule (stats/gate_rule.hpp) has a word, its last look was taken
/// or the time is up, and hands the report to `sink` as run_suite() does. Main thread only.
///
/// kInvalid: a server was at fault in a trial, or over a fifth of the pairs was lost for other reasons than
/// the machine. kInconclusive: the rule is open after the last look or at the end of the budget; the machine
/// took too much (steal, most lost pairs), or changed.
///
/// Errors, before anything is measured: as of run_suite(); builds that must not be compared are kInvalid
/// (check_builds()), a folder without the servers kUnavailable; a suite that searches, refines or asks for
/// shares of a capacity is kUsage, as base and head must meet the same load in every gate.
Result<GateEnd> run_gate(const GateRequest& request, const experiment::JsonReaders& readers,
                         experiment::ReportSink& sink, experiment::Progress& progress,
                         const std::atomic<bool>& stop);

} // namespace kvduel::gate
