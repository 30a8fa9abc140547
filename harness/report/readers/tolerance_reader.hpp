#pragma once

#include "core/support/error.hpp"
#include "harness/gate/tolerances.hpp"

#include <string>
#include <string_view>

namespace kvduel::report {

/// A file {"tolerances": [{"metric", "worse", "scenario"?}]}: a metric of experiment::metrics(), a share over
/// 0 and under 10 (of throughput under 1), no pair of metric and scenario twice. Errors are kBadInput with
/// `file#/pointer`. Pure.
Result<gate::Tolerances> parse_tolerances(std::string_view text, std::string_view file);

/// The file at `path`, or if it is empty harness/gate/tolerances.json as compiled in.
Result<gate::Tolerances> load_tolerances(const std::string& path);

} // namespace kvduel::report
