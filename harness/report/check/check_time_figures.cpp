#include "harness/report/check/check_time_figures.hpp"

#include "harness/report/json/rounding.hpp"

#include "harness/experiment/trial/figures.hpp"
#include "harness/stats/sample_size.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

namespace kvduel::report {
namespace {

using experiment::kNsPerUs;
using experiment::TimeFigures;
using stats::Histogram;

/// A percentile that is null has its reason beside it, and one that is there has none.
void check_absence(bool is_there, const char* name, const experiment::Absences& absent, const Place& place,
                   Faults& faults) {
    if (is_there == (absent.count(name) == 0)) return;
    faults.add(place.child("absent"), is_there ? fmt::format("\"{}\" is not absent", name)
                                               : fmt::format("says nothing of \"{}\", which is null", name));
}

/// The four percentiles of `figures`: null exactly if too few samples carry them, and then saying so.
template <typename Figures>
void check_absences(const Figures& figures, const Place& place, Faults& faults) {
    const std::optional<double> percentiles[] = {figures.p50_us, figures.p90_us, figures.p99_us,
                                                 figures.p99_9_us};
    for (std::size_t i = 0; i < std::size(percentiles); ++i) {
        const experiment::SampleNeed& need = experiment::sample_needs()[i];
        const std::string name(need.percentile);
        check_absence(percentiles[i].has_value(), name.c_str(), figures.absent, place, faults);
        const std::string follows = experiment::why_absent(figures.count, need);
        if (const auto said = figures.absent.find(name);
            said != figures.absent.end() && said->second != follows)
            faults.add(place.child("absent").child(name.c_str()),
                       fmt::format("\"{}\" is not \"{}\"", said->second, follows));
    }
}

/// Null exactly if too few samples carry it, else the histogram's own.
void check_percentile(std::optional<double> stands, const Histogram& histogram, double q, const Place& place,
                      Faults& faults) {
    const std::uint64_t least = stats::least_samples(q, 1);
    if (histogram.count() < least) {
        if (stands)
            faults.add(place, fmt::format("{} samples carry no such percentile; it needs {}",
                                          histogram.count(), least));
        return;
    }
    const double follows = static_cast<double>(histogram.quantile(q)) / kNsPerUs;
    if (!stands || !are_close(*stands, follows))
        faults.add(place, fmt::format("{} is not that of hdr = {}",
                                      stands ? fmt::format("{}", *stands) : "null", follows));
}

/// Exact values and the buckets they fell into.
void check_extreme(std::optional<double> stands, std::uint64_t bucket_value, const Place& place,
                   Faults& faults) {
    if (!stands) return faults.add(place, "null, though hdr has values");
    const std::size_t index = Histogram::index_of(bucket_value);
    const double lowest = static_cast<double>(Histogram::lowest_value_of(index)) / kNsPerUs;
    const double highest = static_cast<double>(Histogram::highest_value_of(index)) / kNsPerUs;
    const bool is_saturated = bucket_value > Histogram::kHighest;
    if (*stands < lowest - kSlack || (*stands > highest + kSlack && !is_saturated))
        faults.add(place, fmt::format("{} is outside the bucket {} to {} of hdr", *stands, lowest, highest));
}

void check_mean(std::optional<double> stands, const Histogram& histogram, const Place& place,
                Faults& faults) {
    if (!stands) return faults.add(place, "null, though hdr has values");
    if (histogram.saturated() > 0) return;
    // A value is at most 1/1024 above the lowest of its bucket, which the decoded histogram holds.
    const double lowest = histogram.mean() / kNsPerUs;
    if (*stands < lowest * (1 - kSlack) - kSlack || *stands > lowest * (1 + 1.0 / 1024) + kSlack)
        faults.add(place, fmt::format("{} is not the mean of hdr = {}", *stands, lowest));
}

/// How many latencies an interval holds lies between its successes and all that ended in it.
void check_interval_percentile(std::optional<double> stands, const experiment::SampleNeed& need,
                               const experiment::IntervalFigures& interval, const char* name,
                               const Place& place, Faults& faults) {
    const std::uint64_t most = interval.completed + interval.errors;
    const std::uint64_t least = interval.completed - std::min(interval.completed, interval.errors);
    if (stands && most < need.least)
        faults.add(place.child(name),
                   fmt::format("{} requests carry no such percentile; it needs {}", most, need.least));
    if (!stands && least >= need.least)
        faults.add(place.child(name), fmt::format("null, though {} requests succeeded", least));
    check_absence(stands.has_value(), name, interval.absent, place, faults);
}

} // namespace

/// `stands` is in the report, `follows` from what stands beside it.
void expect_count(std::uint64_t stands, std::uint64_t follows, std::string_view why, const Place& place,
                  Faults& faults) {
    if (stands != follows) faults.add(place, fmt::format("{} is not {} = {}", stands, why, follows));
}

void check_times(const TimeFigures& times, const Place& place, Faults& faults) {
    const Histogram& histogram = times.histogram;
    expect_count(times.count, histogram.count(), "the count of hdr", place.child("count"), faults);
    check_percentile(times.p50_us, histogram, 0.5, place.child("p50"), faults);
    check_percentile(times.p90_us, histogram, 0.9, place.child("p90"), faults);
    check_percentile(times.p99_us, histogram, 0.99, place.child("p99"), faults);
    check_percentile(times.p99_9_us, histogram, 0.999, place.child("p99_9"), faults);
    check_absences(times, place, faults);
    if (histogram.count() == 0) return;
    check_extreme(times.min_us, histogram.min(), place.child("min"), faults);
    check_extreme(times.max_us, histogram.max(), place.child("max"), faults);
    check_mean(times.mean_us, histogram, place.child("mean"), faults);
}

void check_server_times(const std::optional<experiment::ServerTimeFigures>& times, const Place& place,
                        Faults& faults) {
    if (!times) return;
    check_absences(*times, place, faults);
    if (times->mean_us && times->max_us && *times->mean_us > *times->max_us * (1 + kSlack))
        faults.add(place.child("mean"), fmt::format("{} is over max = {}", *times->mean_us, *times->max_us));
}

void check_lateness(const experiment::LatenessFigures& lateness, const Place& place, Faults& faults) {
    check_absence(lateness.p50_us.has_value(), "p50", lateness.absent, place, faults);
    check_absence(lateness.p99_us.has_value(), "p99", lateness.absent, place, faults);
}

void check_interval_percentiles(const experiment::IntervalFigures& interval, const Place& place,
                                Faults& faults) {
    const auto& needs = experiment::sample_needs();
    check_interval_percentile(interval.p50_us, needs[0], interval, "p50_us", place, faults);
    check_interval_percentile(interval.p99_us, needs[2], interval, "p99_us", place, faults);
    if (interval.p50_us && interval.p99_us && *interval.p50_us > *interval.p99_us)
        faults.add(place.child("p99_us"),
                   fmt::format("{} is under p50_us = {}", *interval.p99_us, *interval.p50_us));
}

} // namespace kvduel::report
