#pragma once

#include "harness/experiment/plan/suite.hpp"
#include "harness/report/json/fields.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kvduel::report {

/// Names that "server" may hold: what at least one contender has a flag for.
using ServerOptionNames = std::vector<std::string>;

/// The options of the built-in contenders and of `own`.
ServerOptionNames server_option_names(const std::vector<experiment::Contender>& own);

/// Takes the parameters of a cell that stand in `fields` ("defaults", a scenario) over those in `cell`.
void read_cell(Fields& fields, const ServerOptionNames& server_options, experiment::Parameters& cell);

/// A whole cell: an open loop has a rate, a share of the capacity or a search for it, a closed one has
/// none of them, nor arrivals. `place`: its scenario.
void check_loop(const experiment::Parameters& cell, const Place& place, Faults& faults);

/// A whole cell: slices go with one load thread, no background and no search.
void check_slices(const experiment::Parameters& cell, const Place& place, Faults& faults);

/// One step of a sweep: `key` ("connections", "server.threads", "workload.value_bytes") set to `value`,
/// checked like the same key in a scenario.
void set_swept(const std::string& key, const Json& value, const Place& place,
               const ServerOptionNames& server_options, Faults& faults, experiment::Parameters& cell);

} // namespace kvduel::report
