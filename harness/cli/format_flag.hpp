#pragma once

#include "harness/cli/command_line.hpp"
#include "harness/report/tables/result_tables.hpp"

namespace kvduel::cli {

/// Rows that several commands share. The variables must outlive the table.
Flag format_flag(report::Format& format);
Flag no_progress_flag(bool& is_progress_wanted);

} // namespace kvduel::cli
