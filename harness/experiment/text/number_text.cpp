#include "harness/experiment/text/number_text.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace kvduel::experiment {

std::string number_text(double number) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.6g", number);
    return text.data();
}

std::string rounded_text(double number, int decimals) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f", decimals, number);
    return text.data();
}

std::string figure_digits(double figure) {
    const double size = std::abs(figure);
    if (size < 9.995) return rounded_text(figure, 2);
    if (size < 99.95) return rounded_text(figure, 1);
    std::string digits = rounded_text(size, 0);
    for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
    return figure < 0 ? "-" + digits : digits;
}

std::string probability_text(double p) {
    return p < 0.001 ? "under 0.001" : rounded_text(p, 3);
}

std::string percent_text(double share) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.3g %%", share * 100);
    return text.data();
}

} // namespace kvduel::experiment
