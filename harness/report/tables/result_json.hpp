#pragma once

#include "harness/experiment/record/report.hpp"

#include <string>

namespace kvduel::report {

/// Every number that the tables and verdicts show, as one JSON object. Pure.
std::string json_of(const experiment::RunReport& report);

} // namespace kvduel::report
