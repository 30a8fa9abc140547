#pragma once

#include "core/support/error.hpp"
#include "harness/experiment/plan/contender.hpp"
#include "harness/report/json/fields.hpp"

#include <string_view>
#include <vector>

namespace kvduel::report {

/// One contender object, as in servers/contenders.json and in a suite's list. "id" and "command" are
/// required.
experiment::Contender read_contender(const Json& tree, const Place& place, Faults& faults);

/// A file {"contenders": [...]}. Comments are allowed, an id twice is not.
Result<std::vector<experiment::Contender>> parse_contenders(std::string_view text, std::string_view file);

/// servers/contenders.json as compiled in. Made once; any thread.
const std::vector<experiment::Contender>& builtin_contenders();

} // namespace kvduel::report
