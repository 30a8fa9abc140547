#pragma once

#include "core/support/error.hpp"
#include "harness/experiment/record/report.hpp"
#include "harness/gate/between_runs.hpp"
#include "harness/gate/gate.hpp"
#include "harness/gate/tolerances.hpp"

#include <string>
#include <vector>

namespace kvduel::gate {

inline constexpr double kCompareAlpha =
    0.05; ///< of any row called worse, over all rows; and of one taken as proven

/// Two stored reports of one suite.
struct CompareRequest {
    const experiment::RunReport& base;
    const experiment::RunReport& head;
    std::string control; ///< id of the contender that others are measured by; empty: chosen
    Tolerances tolerances;
    BetweenRuns noise;
};

/// One metric of one cell and contender: what it is to the control, in head over base.
struct CompareRow {
    std::string scenario;
    experiment::Parameters parameters;
    std::string contender;
    std::string metric;
    double tolerance = 0;
    bool is_higher_better = false;
    unsigned n_base = 0; ///< blocks
    unsigned n_head = 0;
    std::optional<double> ratio_base; ///< contender over control
    std::optional<double> ratio_head;
    std::optional<double> change; ///< head over base of these
    std::optional<double> lower95;
    std::optional<double> upper95;
    std::optional<double> p; ///< one-sided, adjusted over all rows (Holm)
    RowWord word = RowWord::kUnjudged;
};

struct CompareResult {
    GateVerdict verdict = GateVerdict::kInconclusive;
    std::string control;
    std::vector<CompareRow> rows;
    std::vector<std::string> warnings;
};

/// Two runs that were not interleaved share no drift, so absolute figures say nothing: only ratios to a
/// contender that stands in both reports are judged (compare_control.hpp: which), by Welch's t test with the
/// recorded variance between runs added. Cells are those that the suite asks for (compare_cells.hpp). A row
/// that lost over kMaxLostShare of its blocks is not judged; nor is a metric of which no variance is
/// recorded, which a warning names and which keeps nothing from passing. A metric that no number of blocks
/// could prove to be within its tolerance is named as well.
///
/// kInvalid: another machine (fingerprint), suite or seed; a report of a debug, sanitizer or dirty build, or
/// one that was interrupted, has a trial in which a server was at fault or lost too many pairs
/// (lost_pairs.hpp); no contender besides the control in both. kUsage: a control that is not in both.
/// Pure.
Result<CompareResult> compare_reports(const CompareRequest& request);

} // namespace kvduel::gate
