#include "harness/experiment/trial/figures.hpp"

#include "harness/stats/sample_size.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

namespace kvduel::experiment {

namespace {

double to_us(std::uint64_t ns) {
    return static_cast<double>(ns) / kNsPerUs;
}

std::optional<double> percentile(const stats::Histogram& histogram, const SampleNeed& need) {
    return to_us(histogram.quantile(need.quantile));
}

std::uint64_t count_of(const stats::Histogram& histogram) {
    return histogram.count();
}
std::uint64_t count_of(const ServerHistogram& histogram) {
    return histogram.count;
}

/// The upper bound of the bucket that holds rank max(1, ceil(q N)), as the histogram of the generator counts.
std::optional<double> percentile(const ServerHistogram& histogram, const SampleNeed& need) {
    const double rank = std::max(1.0, std::ceil(need.quantile * static_cast<double>(histogram.count)));
    std::uint64_t running = 0;
    for (const ServerHistogram::Bucket& bucket : histogram.buckets) {
        running += bucket.count;
        if (static_cast<double>(running) >= rank) return to_us(bucket.upper_ns);
    }
    return std::nullopt;
}

/// The percentile, or under its `name` why it is not there.
template <typename Histogram>
std::optional<double> figure(const Histogram& histogram, const SampleNeed& need, std::string name,
                             Absences& absent) {
    if (count_of(histogram) >= need.least) return percentile(histogram, need);
    absent[std::move(name)] = why_absent(count_of(histogram), need);
    return std::nullopt;
}

/// The four percentiles of a set of figures.
template <typename Histogram, typename Figures>
void set_percentiles(const Histogram& histogram, Figures& figures) {
    const std::array<std::optional<double>*, 4> places{&figures.p50_us, &figures.p90_us, &figures.p99_us,
                                                       &figures.p99_9_us};
    for (std::size_t i = 0; i < places.size(); ++i) {
        const SampleNeed& need = sample_needs()[i];
        *places[i] = figure(histogram, need, std::string(need.percentile), figures.absent);
    }
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

std::string why_absent(std::uint64_t samples, const SampleNeed& need) {
    return std::to_string(samples) + " samples, " + std::to_string(need.least) + " needed";
}

TimeFigures make_time_figures(const stats::Histogram& histogram) {
    TimeFigures figures;
    figures.count = histogram.count();
    figures.histogram = histogram;
    set_percentiles(histogram, figures);
    if (histogram.count() == 0) return figures;
    figures.min_us = to_us(histogram.min());
    figures.mean_us = histogram.mean() / kNsPerUs;
    figures.max_us = to_us(histogram.max());
    return figures;
}

LatenessFigures make_lateness_figures(const stats::Histogram& histogram) {
    LatenessFigures figures;
    figures.p50_us = figure(histogram, sample_needs()[0], "p50", figures.absent);
    figures.p99_us = figure(histogram, sample_needs()[2], "p99", figures.absent);
    if (histogram.count() > 0) figures.max_us = to_us(histogram.max());
    return figures;
}

std::vector<IntervalFigures> make_interval_figures(const std::vector<load::Interval>& intervals) {
    std::vector<IntervalFigures> all;
    for (const load::Interval& interval : intervals) {
        IntervalFigures& figures = all.emplace_back();
        figures.start_s = interval.start_s;
        figures.duration_s = interval.duration_s;
        figures.completed = interval.completed;
        figures.errors = interval.errors;
        figures.p50_us = figure(interval.latency, sample_needs()[0], "p50_us", figures.absent);
        figures.p99_us = figure(interval.latency, sample_needs()[2], "p99_us", figures.absent);
    }
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
    set_percentiles(histogram, figures);
    if (histogram.buckets.empty()) return figures;
    figures.max_us = to_us(histogram.buckets.back().upper_ns);
    if (histogram.sum_ns) figures.mean_us = to_us(*histogram.sum_ns) / static_cast<double>(histogram.count);
    return figures;
}

} // namespace kvduel::experiment
