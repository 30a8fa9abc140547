#pragma once

#include "harness/experiment/plan/suite.hpp"

#include <cstdint>
#include <optional>

namespace kvduel::experiment {

// Places on an axis. Pure.

/// A step from one cell to the next, as a factor, that needs nothing between.
inline constexpr double kFinestStep = 1.25;

/// Where the cell stands: a whole number of at least 1. Absent: the option is not set, or is no such number
/// ("5000@1%").
std::optional<std::uint64_t> axis_value(const Parameters& cell, Axis axis);

/// The cell, but at `value`.
Parameters moved_to(Parameters cell, Axis axis, std::uint64_t value);

bool is_fine(std::uint64_t lower, std::uint64_t upper);

/// The geometric middle as a whole number; absent if that is one of the ends.
std::optional<std::uint64_t> middle_of(std::uint64_t lower, std::uint64_t upper);

} // namespace kvduel::experiment
