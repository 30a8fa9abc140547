#pragma once

#include "core/support/error.hpp"
#include "harness/gate/between_runs.hpp"

#include <string>

namespace kvduel::report {

/// A file {"between_runs": [{"metric", "sd"}]}, or if `path` is empty harness/gate/between-runs.json as
/// compiled in. Errors are kBadInput with `file#/pointer`.
Result<gate::BetweenRuns> load_between_runs(const std::string& path);

} // namespace kvduel::report
