#include "harness/experiment/plan/axis.hpp"

#include "harness/experiment/text/text_words.hpp"

#include <cmath>
#include <string>

namespace kvduel::experiment {

namespace {

constexpr const char* kWorkWait = "work_wait_us";

std::optional<std::uint64_t> positive_number(const std::string& text) {
    const std::optional<std::uint64_t> number = whole_number(text);
    return number.value_or(0) > 0 ? number : std::nullopt;
}

} // namespace

std::optional<std::uint64_t> axis_value(const Parameters& cell, Axis axis) {
    if (axis == Axis::kConnections) return cell.connections;
    const auto option = cell.server.find(kWorkWait);
    return option == cell.server.end() ? std::nullopt : positive_number(option->second);
}

Parameters moved_to(Parameters cell, Axis axis, std::uint64_t value) {
    if (axis == Axis::kConnections)
        cell.connections = static_cast<unsigned>(value);
    else
        cell.server[kWorkWait] = std::to_string(value);
    return cell;
}

bool is_fine(std::uint64_t lower, std::uint64_t upper) {
    return static_cast<double>(upper) <= kFinestStep * static_cast<double>(lower);
}

std::optional<std::uint64_t> middle_of(std::uint64_t lower, std::uint64_t upper) {
    const double exact = std::sqrt(static_cast<double>(lower) * static_cast<double>(upper));
    const auto middle = static_cast<std::uint64_t>(std::llround(exact));
    if (middle <= lower || middle >= upper) return std::nullopt;
    return middle;
}

} // namespace kvduel::experiment
