#pragma once

#include "harness/experiment/machine/doctor_finding.hpp"
#include "harness/experiment/run_suite.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

/// The two checks that need real trials: how fast the generator can be, and how far two runs of one server
/// lie apart. Both use the machinery of `kvduel run` as it is.
namespace kvduel::experiment {

/// Runs a request to its end: run_suite with its readers, or a stand-in in a test.
using RunTrials = std::function<Result<RunEnd>(const RunRequest&)>;

inline constexpr unsigned kCeilingTrials = 3;
inline constexpr unsigned kPairs = 6;
/// A plan over this share of the ceiling measures the generator: its own queue grows past it.
inline constexpr double kUsableShare = 0.70;

/// Trials of the floor with one load thread and as many connections as asked, 0.7 s each.
RunRequest make_ceiling_request(const Contender& floor, unsigned connections);

/// The ceiling is the median rate. An invalid trial counts only if all that is wrong with it is that the
/// generator was saturated, as here it may be. `planned_rps`: what is meant to be offered, if known.
DoctorFinding check_ceiling(const Result<RunEnd>& trials, std::optional<double> planned_rps);

/// kPairs blocks of `server` against itself, 0.7 s a trial.
RunRequest make_aa_request(const Contender& server, unsigned connections);

/// How far |ratio - 1| of the pairs goes, for rate, P99 and CPU per request. Over 3 %, 12 % and 3 % in the
/// median it is a warning: the spread of one trial that comparisons are planned for.
DoctorFinding check_aa(const Result<RunEnd>& trials);

} // namespace kvduel::experiment
