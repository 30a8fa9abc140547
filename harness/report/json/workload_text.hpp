#pragma once

#include "harness/workload/workload.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kvduel::report {

/// "uniform", "zipfian:0.99": the one spelling in suites, reports and flags. Reading it back gives an equal
/// value.
std::string key_distribution_text(const workload::KeyDistribution& distribution);

/// None unless it is "uniform" or "zipfian:THETA" with THETA from 0.01 to 10.
std::optional<workload::KeyDistribution> parse_key_distribution(std::string_view text);
inline constexpr std::string_view kAllowedKeyDistributions =
    "\"uniform\", \"zipfian:THETA\" with THETA from 0.01 to 10";

/// A plain decimal number, all of `text`: no sign but '-', no "nan", "inf" or hexadecimal. None if it is not
/// one or not finite.
std::optional<double> parse_number(std::string_view text);

/// "get=95,post=5": shares in percent that sum to 100; an operation left out has none. None otherwise.
std::optional<workload::Mix> parse_mix(std::string_view text);

} // namespace kvduel::report
