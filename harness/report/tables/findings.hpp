#pragma once

#include "harness/experiment/record/report.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kvduel::report {

/// What a reader must know before any figure: each invalid trial in a line with code, figures and advice.
/// Pure, as all below.
///   hot-get/async block 3: invalid: generator_saturated: busy share 0.98; lower ...
std::vector<std::string> invalid_lines(const experiment::RunReport& report);
/// One of these lines.
std::string invalid_line(const experiment::TrialRecord& trial);

/// What a reader of the tables must know beside them, a line each: the notes of the run, then each warning
/// code of valid trials once with how many bear it, then what is to be known of the comparisons.
std::vector<std::string> finding_lines(const experiment::RunReport& report);

/// The codes that made a trial invalid; none for a valid one.
std::vector<std::string> invalid_codes(const experiment::TrialRecord& trial);

/// What to do about a code; empty if there is nothing to say.
std::string_view advice(std::string_view code);

} // namespace kvduel::report
