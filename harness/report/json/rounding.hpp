#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

namespace kvduel::report {

/// By what share a figure of a report may differ from what follows from the rest of it: another libm may
/// round otherwise.
inline constexpr double kSlack = 1e-9;

inline bool are_close(double a, double b) {
    return std::abs(a - b) <= kSlack * std::max({std::abs(a), std::abs(b), 1.0});
}

/// Both absent are close, one of them is not.
inline bool are_close(std::optional<double> a, std::optional<double> b) {
    return a && b ? are_close(*a, *b) : a.has_value() == b.has_value();
}

inline std::string shown(std::optional<double> figure) {
    return figure ? fmt::format("{}", *figure) : "null";
}

} // namespace kvduel::report
