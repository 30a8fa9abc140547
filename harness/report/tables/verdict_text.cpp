#include "harness/report/tables/verdict_text.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace kvduel::report {
namespace {

using experiment::Comparison;
using experiment::ComparisonVerdict;

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kShortNames{
    {{"throughput_rps", "RPS"},
     {"cpu_us_per_request", "CPU"},
     {"latency_p50_us", "P50"},
     {"latency_p90_us", "P90"},
     {"latency_p99_us", "P99"},
     {"rss_max_bytes", "RSS"}}};

bool is_win(const Comparison& comparison) {
    return comparison.verdict == ComparisonVerdict::kFirst ||
           comparison.verdict == ComparisonVerdict::kSecond;
}

std::string blocks_text(const Comparison& comparison) {
    std::string text = fmt::format("{} block{}", comparison.n, comparison.n == 1 ? "" : "s");
    if (comparison.pairs_lost > 0) text += fmt::format(" ({} lost)", comparison.pairs_lost);
    return text;
}

std::string ratio_text(const Comparison& comparison, const ShownRatio& shown, std::string_view of) {
    std::string text = fmt::format("{:.2f}x the {} of {}", shown.ratio, short_name(comparison.metric), of);
    if (shown.lower && shown.upper) text += fmt::format(" [{:.2f}, {:.2f}]", *shown.lower, *shown.upper);
    return text + ", " + blocks_text(comparison);
}

std::string headline(const Comparison& comparison) {
    const auto shown = shown_ratio(comparison);
    if (!shown)
        return fmt::format("undecided: {} against {} by {}", comparison.second, comparison.first,
                           short_name(comparison.metric));
    if (is_win(comparison)) {
        const bool is_first = comparison.verdict == ComparisonVerdict::kFirst;
        return fmt::format("{} wins: {}", is_first ? comparison.first : comparison.second,
                           ratio_text(comparison, *shown, is_first ? comparison.second : comparison.first));
    }
    std::string text = fmt::format("{}: {} has {}", verdict_word(comparison), comparison.second,
                                   ratio_text(comparison, *shown, comparison.first));
    if (comparison.blocks_needed) text += fmt::format("; about {} would decide", *comparison.blocks_needed);
    return text;
}

} // namespace

std::string_view short_name(std::string_view metric) {
    for (const auto& [name, shown] : kShortNames)
        if (name == metric) return shown;
    return metric;
}

std::string verdict_word(const Comparison& comparison) {
    switch (comparison.verdict) {
    case ComparisonVerdict::kFirst: return comparison.first;
    case ComparisonVerdict::kSecond: return comparison.second;
    case ComparisonVerdict::kEquivalent: return "equivalent";
    case ComparisonVerdict::kUndecided: break;
    }
    return "undecided";
}

std::optional<ShownRatio> shown_ratio(const Comparison& comparison) {
    if (!comparison.ratio_second_over_first) return std::nullopt;
    ShownRatio shown{*comparison.ratio_second_over_first, comparison.lower95, comparison.upper95};
    if (comparison.verdict != ComparisonVerdict::kFirst) return shown;
    const auto inverse = [](double ratio) { return 1 / ratio; };
    shown.ratio = inverse(shown.ratio);
    std::swap(shown.lower, shown.upper);
    if (shown.lower) shown.lower = inverse(*shown.lower);
    if (shown.upper) shown.upper = inverse(*shown.upper);
    return shown;
}

std::vector<std::string> verdict_lines(const Comparison& comparison) {
    std::vector<std::string> lines{headline(comparison)};
    lines.insert(lines.end(), comparison.reasons.begin(), comparison.reasons.end());
    return lines;
}

} // namespace kvduel::report
