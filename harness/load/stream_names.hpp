#pragma once

#include <string_view>

namespace kvduel::load {

/// Names of the random streams: part of what makes a report's requests recomputable.
inline constexpr std::string_view kWarmUpStream = "warm-up";
inline constexpr std::string_view kWindowStream = "window";
inline constexpr std::string_view kArrivalsStream = "arrivals";
inline constexpr std::string_view kValueSeed = "values";

} // namespace kvduel::load
