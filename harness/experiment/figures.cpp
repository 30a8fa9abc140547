#include "harness/experiment/figures.hpp"

#include "harness/stats/sample_size.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace kvduel::experiment {

namespace {

constexpr double kNsPerUs = 1000.0;

double to_us(std::uint64_t ns) {
    return static_cast<double>(ns) / kNsPerUs;
}

std::optional<double> percentile(const stats::Histogram& histogram, const SampleNeed& need) {
    if (histogram.count() < need.least) return std::nullopt;
    return to_us(histogram.quantile(need.quantile));
}

/// The upper bound of the bucket that holds rank max(1, ceil(q N)), as the histogram of the generator counts.
std::optional<double> percentile(const ServerHistogram& histogram, const SampleNeed& need) {
    if (histogram.count < need.least) return std::nullopt;
    const double rank = std::max(1.0, std::ceil(need.quantile * static_cast<double>(histogram.count)));
    std::uint64_t running = 0;
    for (const ServerHistogram::Bucket& bucket : histogram.buckets) {
        running += bucket.count;
        if (static_cast<double>(running) >= rank) return to_us(bucket.upper_ns);
    }
    return std::nullopt;
}

SampleNeed need_of(std::string_view percentile, double quantile, bool is_in_tables) {
    return {percentile, quantile, stats::least_samples(quantile, 1), stats::least_samples(quantile, 10),
            is_in_tables};
}

} // namespace

const std::array<SampleNeed, 4>& sample_needs() {
    static const std::array<SampleNeed, 4> kNeeds{{need_of("p50", 0.5, true), need_of("p90", 0.9, true),
                                                   need_of("p99", 0.99, true),
                                                   need_of("p99_9", 0.999, false)}};
    return kNeeds;
}

TimeFigures make_time_figures(const stats::Histogram& histogram) {
    TimeFigures figures;
    figures.count = histogram.count();
    figures.histogram = histogram;
    if (histogram.count() == 0) return figures;
    figures.min_us = to_us(histogram.min());
    figures.mean_us = histogram.mean() / kNsPerUs;
    figures.max_us = to_us(histogram.max());
    figures.p50_us = percentile(histogram, sample_needs()[0]);
    figures.p90_us = percentile(histogram, sample_needs()[1]);
    figures.p99_us = percentile(histogram, sample_needs()[2]);
    figures.p99_9_us = percentile(histogram, sample_needs()[3]);
    return figures;
}

LatenessFigures make_lateness_figures(const stats::Histogram& histogram) {
    LatenessFigures figures;
    if (histogram.count() == 0) return figures;
    figures.p50_us = percentile(histogram, sample_needs()[0]);
    figures.p99_us = percentile(histogram, sample_needs()[2]);
    figures.max_us = to_us(histogram.max());
    return figures;
}

std::vector<IntervalFigures> make_interval_figures(const std::vector<load::Interval>& intervals) {
    std::vector<IntervalFigures> all;
    for (const load::Interval& interval : intervals)
        all.push_back({interval.start_s, interval.duration_s, interval.completed, interval.errors,
                       percentile(interval.latency, sample_needs()[0]),
                       percentile(interval.latency, sample_needs()[2])});
    return all;
}

ServerHistogram subtract(const ServerHistogram& after, const ServerHistogram& before) {
    std::map<std::uint64_t, std::uint64_t> earlier;
    for (const ServerHistogram::Bucket& bucket : before.buckets) earlier[bucket.upper_ns] += bucket.count;
    ServerHistogram difference;
    for (const ServerHistogram::Bucket& bucket : after.buckets) {
        const auto found = earlier.find(bucket.upper_ns);
        const std::uint64_t taken = found == earlier.end() ? 0 : found->second;
        if (bucket.count <= taken) continue;
        difference.buckets.push_back({bucket.upper_ns, bucket.count - taken});
        difference.count += bucket.count - taken; // not the page's own sum: it may be read a moment apart
    }
    if (after.sum_ns && before.sum_ns && *after.sum_ns >= *before.sum_ns)
        difference.sum_ns = *after.sum_ns - *before.sum_ns;
    return difference;
}

ServerTimeFigures make_server_time_figures(const ServerHistogram& histogram) {
    ServerTimeFigures figures;
    figures.count = histogram.count;
    if (histogram.buckets.empty()) return figures;
    figures.max_us = to_us(histogram.buckets.back().upper_ns);
    if (histogram.sum_ns) figures.mean_us = to_us(*histogram.sum_ns) / static_cast<double>(histogram.count);
    figures.p50_us = percentile(histogram, sample_needs()[0]);
    figures.p90_us = percentile(histogram, sample_needs()[1]);
    figures.p99_us = percentile(histogram, sample_needs()[2]);
    figures.p99_9_us = percentile(histogram, sample_needs()[3]);
    return figures;
}

} // namespace kvduel::experiment
