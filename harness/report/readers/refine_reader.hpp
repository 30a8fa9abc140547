#pragma once

#include "harness/experiment/plan/suite.hpp"
#include "harness/report/json/fields.hpp"

namespace kvduel::report {

/// The key "refine" of a scenario: {"axis": "connections"}, or null for none. Absent: as it was.
void read_refine(Fields& fields, experiment::Scenario& scenario);

/// A scenario, all cells in place: its axis is swept, over whole numbers of at least 1, at rates that the
/// run does not find out itself. A refinement that was taken from the catalogue (`is_inherited`) and does not
/// fit what stands over it is void, which is no fault. `place`: the scenario.
void check_refine(bool is_inherited, const Place& place, Faults& faults, experiment::Scenario& scenario);

} // namespace kvduel::report
