#pragma once

#include <cstdint>
#include <string>

namespace kvduel::experiment {

/// Numbers as messages and conditions show them: at most six digits, no trailing zeros. Pure.
std::string number_text(double number);
inline std::string number_text(std::uint64_t number) {
    return std::to_string(number);
}

/// With so many decimals: 1.2345 in 2 is "1.23". Pure.
std::string rounded_text(double number, int decimals);

/// For a reader, with three to four digits: 41,779 · 742 · 10.8 · 0.25. Pure.
std::string figure_digits(double figure);

/// Of a p value: "0.031", and "under 0.001" where it is smaller. Pure.
std::string probability_text(double p);

/// 0.005 is "0.5 %", in three digits. Pure.
std::string percent_text(double share);

} // namespace kvduel::experiment
