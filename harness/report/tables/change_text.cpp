#include "harness/report/tables/change_text.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cmath>

namespace kvduel::report {

namespace {

std::string signed_text(double ratio, int decimals = 1) {
    const double change = 100 * (ratio - 1);
    const bool is_zero = std::abs(change) < 0.5 * std::pow(10, -decimals); // never -0.0
    return fmt::format("{:+.{}f}", is_zero ? 0.0 : change, decimals);
}

} // namespace

std::string change_percent(double ratio, int decimals) {
    return signed_text(ratio, decimals) + " %";
}

std::string change_text(std::optional<double> ratio, std::optional<double> lower,
                        std::optional<double> upper) {
    if (!ratio) return "-";
    if (!lower || !upper) return change_percent(*ratio);
    return fmt::format("{} [{}, {}]", change_percent(*ratio), signed_text(*lower), signed_text(*upper));
}

std::string tolerance_text(double tolerance, bool is_higher_better) {
    return fmt::format("{}{:.3g} %", is_higher_better ? "-" : "+", 100 * tolerance);
}

std::string in_capitals(std::string_view word) {
    std::string text(word);
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
}

} // namespace kvduel::report
