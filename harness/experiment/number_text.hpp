#pragma once

#include <cstdint>
#include <string>

namespace kvduel::experiment {

/// Numbers as messages and conditions show them: at most six digits, no trailing zeros. Pure.
std::string number_text(double number);
inline std::string number_text(std::uint64_t number) {
    return std::to_string(number);
}

/// 0.005 is "0.5 %", in three digits. Pure.
std::string percent_text(double share);

} // namespace kvduel::experiment
