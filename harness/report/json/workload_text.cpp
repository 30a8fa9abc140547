#include "harness/report/json/workload_text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace kvduel::report {
namespace {

using workload::KeyDistribution;
using workload::Mix;

constexpr std::string_view kZipfian = "zipfian:";
constexpr double kShareSlack = 1e-9; // percentages such as 33.3 + 66.7 are not exact in binary

} // namespace

std::string key_distribution_text(const KeyDistribution& distribution) {
    if (distribution.kind == KeyDistribution::Kind::kUniform) return "uniform";
    return fmt::format("{}{}", kZipfian, distribution.theta);
}

std::optional<double> parse_number(std::string_view text) {
    const bool is_plain =
        !text.empty() && text.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (!is_plain || error != std::errc{} || stopped != end || !std::isfinite(number)) return std::nullopt;
    return number;
}

std::optional<KeyDistribution> parse_key_distribution(std::string_view text) {
    if (text == "uniform") return KeyDistribution{};
    if (!text.starts_with(kZipfian)) return std::nullopt;
    const std::optional<double> theta = parse_number(text.substr(kZipfian.size()));
    if (!theta || *theta < 0.01 || *theta > 10) return std::nullopt;
    return KeyDistribution{KeyDistribution::Kind::kZipfian, *theta};
}

std::optional<Mix> parse_mix(std::string_view text) {
    std::optional<double> get;
    std::optional<double> post;
    while (true) {
        const std::string_view item = text.substr(0, text.find(','));
        const std::size_t equals = item.find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        std::optional<double>* const share = item.substr(0, equals) == "get"    ? &get
                                             : item.substr(0, equals) == "post" ? &post
                                                                                : nullptr;
        if (share == nullptr || share->has_value()) return std::nullopt;
        *share = parse_number(item.substr(equals + 1));
        if (!*share || **share < 0) return std::nullopt;
        if (item.size() == text.size()) break;
        text.remove_prefix(item.size() + 1);
    }
    const double sum = get.value_or(0) + post.value_or(0);
    if (std::abs(sum - 100) > kShareSlack) return std::nullopt;
    return Mix{get.value_or(0) / 100, post.value_or(0) / 100};
}

} // namespace kvduel::report
