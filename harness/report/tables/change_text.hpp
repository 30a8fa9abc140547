#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kvduel::report {

// How a gate and a comparison of two reports put what they found. All pure.

/// A ratio as a change: "+7.2 %"; what would round to -0.0 is +0.0.
std::string change_percent(double ratio, int decimals = 1);

/// Head over base with its interval: "+7.2 % [+6.1, +8.4]"; without one, the change alone; "-" without a
/// ratio.
std::string change_text(std::optional<double> ratio, std::optional<double> lower,
                        std::optional<double> upper);

/// "+7 %", "-8 %".
std::string tolerance_text(double tolerance, bool is_higher_better);

/// A verdict as the first word of a headline: "PASS".
std::string in_capitals(std::string_view word);

} // namespace kvduel::report
