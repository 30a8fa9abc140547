#pragma once

#include "harness/gate/compare_reports.hpp"
#include "harness/report/tables/result_tables.hpp"

#include <string>

namespace kvduel::report {

/// The verdict and a row an endpoint; the scenario's cells are told apart by their parameters. kTable,
/// kMarkdown, kCsv or kJson. Pure.
std::string render_compare(const gate::CompareResult& result, Format format);

} // namespace kvduel::report
