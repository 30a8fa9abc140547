#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/report/tables/result_tables.hpp"

#include <string>

namespace kvduel::report {

/// What `kvduel doctor` found: `environment.doctor` as a table of verdict, check and reading with its remedy,
/// or as JSON: the tool, the environment as in a report, and whether the machine is too busy. Verdicts are
/// words; `is_coloured` adds colour to them in the table. Pure.
std::string render_doctor(const experiment::Tool& tool, const experiment::Environment& environment,
                          Format format, bool is_coloured);

/// "noise: 3.10 % of 0.5 s ...; stop other programs": one finding in a line, without its verdict.
std::string finding_text(const experiment::DoctorFinding& finding);

} // namespace kvduel::report
