#include "harness/experiment/judge/margins.hpp"

#include <algorithm>
#include <array>

namespace kvduel::experiment {

namespace {

constexpr std::string_view kThroughput = "throughput_rps";
constexpr std::string_view kCpuPerRequest = "cpu_us_per_request";
constexpr std::string_view kTail = "latency_p99_us";

constexpr std::array<Margin, 5> kMargins{{{kThroughput, 0.03, 0.005},
                                          {kCpuPerRequest, 0.03, 0.005},
                                          {"latency_p50_us", 0.05, 0.005},
                                          {kTail, 0.10, 0.02},
                                          {"rss_max_bytes", 0.05, 0.005}}};

bool is_overload(const Parameters& cell) {
    return cell.load_fraction ? *cell.load_fraction > 1 : cell.are_errors_expected;
}

bool are_refusals_likely(const Parameters& cell) {
    return cell.are_errors_expected && cell.load_fraction.value_or(1) >= 1;
}

bool has_noise(const Parameters& cell) {
    return std::ranges::find(cell.background, load::BackgroundKind::kNoise, &load::Background::kind) !=
           cell.background.end();
}

} // namespace

std::span<const Margin> margins() {
    return kMargins;
}

bool is_judged(const Margin& margin, const Parameters& cell) {
    if (margin.metric == kThroughput) return cell.loop == Loop::kClosed || is_overload(cell);
    if (margin.metric == kCpuPerRequest) return !are_refusals_likely(cell) && !has_noise(cell);
    return true;
}

std::string_view main_metric(const Parameters& cell) {
    return is_judged(kMargins.front(), cell) ? kThroughput : kTail;
}

} // namespace kvduel::experiment
