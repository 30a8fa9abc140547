#pragma once

#include "harness/experiment/text/json_readers.hpp"

#include <string_view>

namespace kvduel::report {

/// Readers of what a server process says. Its bytes are a stranger's: bounded, strict in the fields that a
/// trial needs, silent about others. Errors are kUnavailable with the place. Pure.
Result<experiment::Announcement> read_announcement(std::string_view line);
Result<experiment::ServerStats> read_server_stats(std::string_view body);

/// Both, as experiment takes them.
experiment::JsonReaders json_readers();

} // namespace kvduel::report
