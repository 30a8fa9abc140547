#pragma once

#include <chrono>
#include <string>

namespace kvduel::experiment {

/// "2026-03-01T10:15:00.042Z" (RFC 3339, UTC, ms). Pure.
std::string rfc3339(std::chrono::system_clock::time_point time);

/// "20260301T101500Z": a name that sorts by time. Pure.
std::string compact_time(std::chrono::system_clock::time_point time);

} // namespace kvduel::experiment
