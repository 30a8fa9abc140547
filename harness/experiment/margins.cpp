#include "harness/experiment/margins.hpp"

#include <array>

namespace kvduel::experiment {

namespace {

constexpr std::string_view kThroughput = "throughput_rps";
constexpr std::string_view kTail = "latency_p99_us";

constexpr std::array<Margin, 5> kMargins{{{kThroughput, 0.03, 0.005},
                                          {"cpu_us_per_request", 0.03, 0.005},
                                          {"latency_p50_us", 0.05, 0.005},
                                          {kTail, 0.10, 0.02},
                                          {"rss_max_bytes", 0.05, 0.005}}};

bool is_overload(const Parameters& cell) {
    return cell.are_errors_expected || cell.load_fraction.value_or(0) > 1;
}

} // namespace

std::span<const Margin> margins() {
    return kMargins;
}

bool is_judged(const Margin& margin, const Parameters& cell) {
    return margin.metric != kThroughput || cell.loop == Loop::kClosed || is_overload(cell);
}

std::string_view main_metric(const Parameters& cell) {
    return is_judged(kMargins.front(), cell) ? kThroughput : kTail;
}

} // namespace kvduel::experiment
