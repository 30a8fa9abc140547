#include "harness/report/check_trial_figures.hpp"

#include "harness/experiment/checks.hpp"
#include "harness/stats/sample_size.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

namespace kvduel::report {
namespace {

using experiment::TimeFigures;
using experiment::TrialRecord;
using stats::Histogram;

constexpr double kSlack = 1e-9; // relative: figures are computed once and written with all their digits
constexpr double kNsPerUs = 1e3;

bool are_close(double a, double b) {
    return std::abs(a - b) <= kSlack * std::max({std::abs(a), std::abs(b), 1.0});
}

bool has_code(const TrialRecord& trial, std::string_view code) {
    return std::ranges::any_of(trial.warnings, [&](const auto& warning) { return warning.code == code; });
}

/// `stands` is in the report, `follows` from what stands beside it.
void expect_count(std::uint64_t stands, std::uint64_t follows, std::string_view why, const Place& place,
                  Faults& faults) {
    if (stands != follows) faults.add(place, fmt::format("{} is not {} = {}", stands, why, follows));
}

void check_conservation(const TrialRecord& trial, const Place& place, Faults& faults) {
    const load::Requests& requests = trial.requests;
    const Place at = place.child("requests");
    expect_count(requests.completed,
                 requests.succeeded + requests.errors.status + requests.errors.verification,
                 "succeeded + status + verification", at.child("completed"), faults);
    expect_count(
        requests.sent, requests.completed + requests.in_flight_at_end + requests.errors.without_answer(),
        "completed + in_flight_at_end + connect + timeout + reset + protocol", at.child("sent"), faults);
    expect_count(trial.latency.count, requests.succeeded + requests.errors.timeout + requests.unsent,
                 "succeeded + timeout + unsent", place.child("latency_us").child("count"), faults);
    if (requests.waited_for_connection > requests.sent + requests.unsent)
        faults.add(at.child("waited_for_connection"),
                   fmt::format("{} is over sent + unsent = {}", requests.waited_for_connection,
                               requests.sent + requests.unsent));
    std::uint64_t answers = 0;
    for (const auto& [status, count] : trial.status_counts) answers += count;
    expect_count(answers, requests.completed, "requests.completed", place.child("status_counts"), faults);
}

void check_rate(std::optional<double> stands, std::uint64_t count, double duration_s, std::string_view why,
                const Place& place, Faults& faults) {
    if (!stands) {
        if (duration_s > 0 && count > 0) faults.add(place, "null, though the window has a length");
        return;
    }
    const double follows = duration_s > 0 ? static_cast<double>(count) / duration_s : 0;
    if (!are_close(*stands, follows))
        faults.add(place, fmt::format("{} is not {} = {}", *stands, why, follows));
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

void check_times(const TimeFigures& times, const Place& place, Faults& faults) {
    const Histogram& histogram = times.histogram;
    expect_count(times.count, histogram.count(), "the count of hdr", place.child("count"), faults);
    check_percentile(times.p50_us, histogram, 0.5, place.child("p50"), faults);
    check_percentile(times.p90_us, histogram, 0.9, place.child("p90"), faults);
    check_percentile(times.p99_us, histogram, 0.99, place.child("p99"), faults);
    check_percentile(times.p99_9_us, histogram, 0.999, place.child("p99_9"), faults);
    if (histogram.count() == 0) return;
    check_extreme(times.min_us, histogram.min(), place.child("min"), faults);
    check_extreme(times.max_us, histogram.max(), place.child("max"), faults);
    check_mean(times.mean_us, histogram, place.child("mean"), faults);
}

/// Intervals tile the window; what ended in it differs from what was due in it by what crossed its edges.
void check_intervals(const TrialRecord& trial, const Place& place, Faults& faults) {
    if (trial.intervals.empty()) return;
    double end_s = 0;
    std::uint64_t completed = 0;
    for (std::size_t i = 0; i < trial.intervals.size(); ++i) {
        const experiment::IntervalFigures& interval = trial.intervals[i];
        if (!are_close(interval.start_s, end_s))
            faults.add(place.child(i).child("start_s"),
                       fmt::format("{} is not the end of the one before = {}", interval.start_s, end_s));
        end_s = interval.start_s + interval.duration_s;
        completed += interval.completed;
    }
    if (!are_close(end_s, trial.duration_s))
        faults.add(place, fmt::format("they end at {} s, the window at {} s", end_s, trial.duration_s));
    const std::uint64_t edge = std::uint64_t{trial.parameters.connections} * trial.parameters.pipeline;
    const std::uint64_t due = trial.requests.completed;
    if (completed > due + edge || due > completed + edge)
        faults.add(place, fmt::format("their completed sum to {}, over {} from requests.completed = {}",
                                      completed, edge, due));
}

void check_server_count(const TrialRecord& trial, const Place& place, Faults& faults) {
    // A trial that ended before its window has no books of the generator to compare with.
    if (!trial.server.requests_counted || trial.duration_s == 0) return;
    const std::uint64_t counted = *trial.server.requests_counted;
    if (counted < trial.completed_all_phases || counted > trial.sent_all_phases)
        faults.add(place.child("server").child("requests_counted"),
                   fmt::format("{} is not within completed_all_phases .. sent_all_phases = {} .. {}", counted,
                               trial.completed_all_phases, trial.sent_all_phases));
}

/// The verdict follows from the codes.
void check_verdict(const TrialRecord& trial, const Place& place, Faults& faults) {
    bool must_be_invalid = false;
    bool may_be_invalid = false;
    for (std::size_t i = 0; i < trial.warnings.size(); ++i) {
        const auto table = experiment::checks();
        const auto row = std::ranges::find(table, trial.warnings[i].code, &experiment::Check::code);
        if (row == table.end()) {
            faults.add(place.child("warnings").child(i).child("code"),
                       fmt::format("\"{}\" is not a code of the table of checks", trial.warnings[i].code));
            continue;
        }
        must_be_invalid |= row->kind == experiment::CheckKind::kInvalid;
        may_be_invalid |= row->kind != experiment::CheckKind::kWarning;
    }
    const bool is_invalid = trial.verdict == experiment::Verdict::kInvalid;
    if (must_be_invalid && !is_invalid)
        faults.add(place.child("verdict"), "\"valid\" beside a code that makes it invalid");
    if (is_invalid && !may_be_invalid)
        faults.add(place.child("verdict"), "\"invalid\" without a code that makes it so");
}

} // namespace

void check_trial_figures(const TrialRecord& trial, const Place& place, Faults& faults) {
    check_verdict(trial, place, faults);
    if (!has_code(trial, "conservation_violated")) check_conservation(trial, place, faults);
    if (!has_code(trial, "server_count_mismatch")) check_server_count(trial, place, faults);
    check_rate(trial.throughput_rps, trial.requests.succeeded, trial.duration_s, "succeeded / duration_s",
               place.child("throughput_rps"), faults);
    check_rate(trial.offered_rps, trial.requests.sent, trial.duration_s, "sent / duration_s",
               place.child("offered_rps"), faults);
    check_times(trial.latency, place.child("latency_us"), faults);
    check_times(trial.service_time, place.child("service_time_us"), faults);
    check_intervals(trial, place.child("intervals"), faults);
}

} // namespace kvduel::report
