#include "harness/experiment/judge/shared_lateness.hpp"

#include "harness/experiment/judge/summarise.hpp"
#include "harness/experiment/text/number_text.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

namespace kvduel::experiment {

namespace {

std::optional<double> lateness(const TrialRecord& trial, const std::string& metric) {
    return metric == "latency_p50_us" ? trial.send_lateness.p50_us : trial.send_lateness.p99_us;
}

bool is_mostly_late(const TrialRecord& trial, const Comparison& comparison) {
    const auto late = lateness(trial, comparison.metric);
    const auto whole = metric_value(trial, comparison.metric);
    return late && whole && *late > comparison.margin * *whole;
}

} // namespace

std::optional<Warning> shared_lateness(const Comparison& comparison, std::span<const BlockPair> pairs) {
    if (comparison.metric != "latency_p50_us" && comparison.metric != "latency_p99_us") return std::nullopt;
    std::uint64_t late = 0;
    for (const BlockPair& pair : pairs)
        if (is_mostly_late(*pair.first, comparison) || is_mostly_late(*pair.second, comparison)) ++late;
    if (2 * late <= pairs.size()) return std::nullopt;
    return Warning{kSharedLateness, "they look equivalent, but in " + number_text(late) + " of " +
                                        number_text(std::uint64_t{pairs.size()}) +
                                        " blocks the generator itself was late by more than the margin of " +
                                        percent_text(comparison.margin) + ", which both share"};
}

bool is_doubted(const Comparison& comparison) {
    return std::ranges::find(comparison.warnings, kSharedLateness, &Warning::code) !=
           comparison.warnings.end();
}

} // namespace kvduel::experiment
