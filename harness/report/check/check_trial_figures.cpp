#include "harness/report/check/check_trial_figures.hpp"

#include "harness/experiment/trial/check_limits.hpp"
#include "harness/experiment/trial/check_trial.hpp"
#include "harness/experiment/trial/checks.hpp"
#include "harness/experiment/trial/count_bounds.hpp"
#include "harness/experiment/trial/latency_split.hpp"
#include "harness/report/check/check_time_figures.hpp"
#include "harness/report/json/rounding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>

namespace kvduel::report {
namespace {

using experiment::TrialRecord;

bool has_code(const TrialRecord& trial, std::string_view code) {
    return std::ranges::any_of(trial.warnings, [&](const auto& warning) { return warning.code == code; });
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

void check_split(const TrialRecord& trial, const Place& place, Faults& faults) {
    const auto follows = experiment::split_latency(trial.latency, trial.service_time, trial.server);
    if (trial.latency_split.has_value() != follows.has_value())
        return faults.add(place, follows ? "null, though the means beside it give one"
                                         : "there, though the means beside it give none");
    if (!follows) return;
    const std::tuple<const char*, double, double> parts[] = {
        {"before_send", trial.latency_split->before_send_us, follows->before_send_us},
        {"queue_wait", trial.latency_split->queue_wait_us, follows->queue_wait_us},
        {"handler", trial.latency_split->handler_us, follows->handler_us},
        {"rest", trial.latency_split->rest_us, follows->rest_us}};
    for (const auto& [name, stands, right] : parts)
        if (!are_close(stands, right))
            faults.add(place.child(name), fmt::format("{} is not what the means give = {}", stands, right));
}

/// Intervals tile the window; what ended in it differs from what was due in it by what crossed its edges.
void check_intervals(const TrialRecord& trial, const Place& place, Faults& faults) {
    if (trial.intervals.empty()) return;
    double end_s = 0;
    std::uint64_t completed = 0;
    std::uint64_t errors = 0;
    for (std::size_t i = 0; i < trial.intervals.size(); ++i) {
        const experiment::IntervalFigures& interval = trial.intervals[i];
        if (!are_close(interval.start_s, end_s))
            faults.add(place.child(i).child("start_s"),
                       fmt::format("{} is not the end of the one before = {}", interval.start_s, end_s));
        end_s = interval.start_s + interval.duration_s;
        completed += interval.completed;
        errors += interval.errors;
        check_interval_percentiles(interval, place.child(i), faults);
    }
    if (!are_close(end_s, trial.duration_s))
        faults.add(place, fmt::format("they end at {} s, the window at {} s", end_s, trial.duration_s));
    if (completed > trial.completed_all_phases)
        faults.add(place, fmt::format("their completed sum to {}, over completed_all_phases = {}", completed,
                                      trial.completed_all_phases));
    // In an open loop a turn of the generator that lasts past an end of the window still sends what was due.
    if (trial.parameters.loop == experiment::Loop::kOpen) return;
    const std::uint64_t edge = std::uint64_t{trial.parameters.connections} * trial.parameters.pipeline;
    const std::uint64_t due = trial.requests.completed;
    if (completed > due + edge || due > completed + edge)
        faults.add(place, fmt::format("their completed sum to {}, over {} from requests.completed = {}",
                                      completed, edge, due));
    const std::uint64_t failed = trial.requests.errors.total();
    if (errors > failed + edge || failed > errors + edge)
        faults.add(place, fmt::format("their errors sum to {}, over {} from those of requests = {}", errors,
                                      edge, failed));
}

void check_server_count(const TrialRecord& trial, const Place& place, Faults& faults) {
    // A trial that ended before its window has no books of the generator to compare with.
    if (!trial.server.requests_counted || trial.duration_s == 0) return;
    const std::uint64_t counted = *trial.server.requests_counted;
    const experiment::CountBounds bounds = experiment::count_bounds(trial);
    if (counted < bounds.least || counted > bounds.most)
        faults.add(place.child("server").child("requests_counted"),
                   fmt::format("{} is not within completed_all_phases .. sent_all_phases = {} .. {}", counted,
                               bounds.least, bounds.most));
}

void check_background(const TrialRecord& trial, const Place& place, Faults& faults) {
    const std::size_t planned = trial.duration_s > 0 ? trial.parameters.background.size() : 0;
    if (trial.background.size() != planned && trial.duration_s > 0)
        return faults.add(
            place, fmt::format("{} of them, the parameters have {}", trial.background.size(), planned));
    for (std::size_t i = 0; i < trial.background.size(); ++i) {
        const load::BackgroundResult& one = trial.background[i];
        if (one.completed_all_phases + one.dropped_all_phases > one.sent_all_phases)
            faults.add(place.child(i).child("completed_all_phases"),
                       fmt::format("{} and {} dropped are over sent_all_phases = {}",
                                   one.completed_all_phases, one.dropped_all_phases, one.sent_all_phases));
        if (one.held_min > one.background.connections)
            faults.add(place.child(i).child("held_min"),
                       fmt::format("{} is over connections = {}", one.held_min, one.background.connections));
    }
}

/// What a request cost: the CPU time over the requests that ended in the window.
void check_cost(const TrialRecord& trial, const Place& place, Faults& faults) {
    if (!trial.server.cpu_s || !trial.server.cpu_us_per_request) return;
    std::uint64_t ended = 0;
    for (const auto& interval : trial.intervals) ended += interval.completed;
    if (trial.intervals.empty()) ended = trial.requests.completed;
    if (ended == 0) return;
    const double follows = *trial.server.cpu_s * 1e6 / static_cast<double>(ended);
    if (!are_close(*trial.server.cpu_us_per_request, follows))
        faults.add(place, fmt::format("{} is not cpu_s over the {} requests that ended = {}",
                                      *trial.server.cpu_us_per_request, ended, follows));
}

/// What the counts alone make invalid, whatever the codes say.
void check_counts_allow(const TrialRecord& trial, const Place& place, Faults& faults) {
    if (trial.verdict == experiment::Verdict::kInvalid) return;
    const load::Requests& requests = trial.requests;
    const auto refuse = [&](std::string_view why) {
        faults.add(place.child("verdict"), fmt::format("\"valid\", though {}", why));
    };
    if (requests.completed == 0) refuse("no request was answered");
    if (requests.errors.verification > 0) refuse("answers held wrong values");
    if (experiment::are_errors_too_many(trial.parameters, requests)) refuse("too many requests failed");
    if (trial.duration_s < experiment::limits::kMinWindowShare * trial.parameters.duration_s)
        refuse("the window is shorter than was asked for");
    const auto due = static_cast<double>(requests.sent + requests.unsent);
    const bool owes = static_cast<double>(requests.sent) < experiment::limits::kMinSentShare * due;
    if (owes && trial.parameters.loop == experiment::Loop::kOpen && !trial.parameters.are_errors_expected)
        refuse("requests that were due were never sent");
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
    check_counts_allow(trial, place, faults);
    if (!has_code(trial, "conservation_violated")) check_conservation(trial, place, faults);
    if (!has_code(trial, "server_count_mismatch")) check_server_count(trial, place, faults);
    check_background(trial, place.child("background"), faults);
    check_rate(trial.throughput_rps, trial.requests.succeeded, trial.duration_s, "succeeded / duration_s",
               place.child("throughput_rps"), faults);
    check_rate(trial.offered_rps, trial.requests.sent, trial.duration_s, "sent / duration_s",
               place.child("offered_rps"), faults);
    check_times(trial.latency, place.child("latency_us"), faults);
    check_times(trial.service_time, place.child("service_time_us"), faults);
    check_server_times(trial.server.queue_wait, place.child("server").child("queue_wait_us"), faults);
    check_server_times(trial.server.handler, place.child("server").child("handler_us"), faults);
    check_lateness(trial.send_lateness, place.child("send_lateness_us"), faults);
    check_split(trial, place.child("latency_split_us"), faults);
    check_intervals(trial, place.child("intervals"), faults);
    check_cost(trial, place.child("server").child("cpu_us_per_request"), faults);
}

} // namespace kvduel::report
