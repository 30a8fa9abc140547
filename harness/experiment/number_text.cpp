#include "harness/experiment/number_text.hpp"

#include <array>
#include <cstdio>

namespace kvduel::experiment {

std::string number_text(double number) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.6g", number);
    return text.data();
}

std::string percent_text(double share) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.3g %%", share * 100);
    return text.data();
}

} // namespace kvduel::experiment
