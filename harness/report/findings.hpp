#pragma once

#include "harness/experiment/report.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kvduel::report {

/// What a reader of the tables must know beside them, a line each: the notes of the run, every invalid trial
/// with code, figures and advice, then each warning code once with how many trials bear it. Pure.
std::vector<std::string> finding_lines(const experiment::RunReport& report);

/// "hot-get/async block 3: invalid: generator_saturated: busy share 0.98; lower ...": one line of the above.
std::string invalid_line(const experiment::TrialRecord& trial);

/// What to do about a code; empty if there is nothing to say.
std::string_view advice(std::string_view code);

/// The text without control bytes, each shown as '?'.
std::string printable(std::string_view text);

} // namespace kvduel::report
