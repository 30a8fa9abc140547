#pragma once

#include "harness/experiment/plan/suite.hpp"
#include "harness/report/json/fields.hpp"
#include "harness/report/readers/cell_reader.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kvduel::report {

/// What a scenario stands on: the suite's defaults and the server options that it may set.
struct ScenarioScope {
    const experiment::Parameters& defaults;
    const ServerOptionNames& server_options;
};

/// One item of a suite's "scenarios": the id of a scenario of the catalogue, an object with "from" and keys
/// that stand over those of the catalogue's scenario, or a whole scenario. The defaults stand under all of
/// them.
///
/// Over "from": a key replaces the catalogue's, but "server" option by option and an own "workload" key by
/// key, as over the defaults. A "sweep" replaces the catalogue's whole; a plain value takes its key out of
/// that sweep. "refine" replaces the catalogue's (null: none); one that does not fit
/// any more (its axis is not swept) is void.
experiment::Scenario read_scenario(const Json& item, const Place& place, const ScenarioScope& scope,
                                   Faults& faults);

/// A file of the catalogue: a whole scenario, whose id is the file's name. Errors as those of parse_suite.
/// Pure.
Result<experiment::Scenario> parse_scenario(std::string_view text, std::string_view file);

/// harness/scenarios/*.json, by name, on the defaults of a suite that sets none. A fault in one is a broken
/// promise: a test reads them all.
std::vector<experiment::Scenario> catalogue();

/// How many cells a sweep may make of one scenario; a sweep multiplies fast.
inline constexpr std::size_t kMostCells = 1'000;

} // namespace kvduel::report
