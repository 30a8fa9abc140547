#include "harness/experiment/axis.hpp"

#include <charconv>
#include <cmath>
#include <string>

namespace kvduel::experiment {

namespace {

constexpr const char* kWorkWait = "work_wait_us";

std::optional<std::uint64_t> whole_number(const std::string& text) {
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc{} || read.ptr != end || number == 0) return std::nullopt;
    return number;
}

} // namespace

std::optional<std::uint64_t> axis_value(const Parameters& cell, Axis axis) {
    if (axis == Axis::kConnections) return cell.connections;
    const auto option = cell.server.find(kWorkWait);
    return option == cell.server.end() ? std::nullopt : whole_number(option->second);
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
