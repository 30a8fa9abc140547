#pragma once

#include "core/support/error.hpp"
#include "harness/experiment/plan/suite.hpp"

#include <string>
#include <string_view>

namespace kvduel::report {

/// A suite file (JSON with comments) with every default filled in and every sweep expanded into cells. Each
/// key, type and value is checked; errors are kBadInput with `file#/pointer`, what is wrong and what is
/// allowed. A list of "load_fraction" in a scenario is a sweep over it.
/// Pure.
Result<experiment::Suite> parse_suite(std::string_view text, std::string_view file);

/// `name_or_path`: the name of a built-in suite, or a file.
Result<experiment::Suite> load_suite(const std::string& name_or_path);

} // namespace kvduel::report
