#include "harness/load/tally.hpp"

#include <algorithm>

namespace kvduel::load {

namespace {

double seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

constexpr double kSecondsPerNanosecond = 1e-9;

double as_double(Duration duration) {
    return static_cast<double>(duration.count());
}

std::uint64_t nanoseconds(Duration duration) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0));
}

bool is_whole_answer(End end) {
    return end == End::kSucceeded || end == End::kStatus || end == End::kVerification;
}

} // namespace

void Tally::reserve(Duration window) {
    const std::int64_t whole_seconds = window / std::chrono::seconds(1);
    interval_length_ = std::chrono::seconds(1 + whole_seconds / kMaxIntervals);
    for (stats::Histogram* histogram : {&sent_when_due_, &result_.latency, &result_.service_time,
                                        &result_.send_lateness, &interval_.latency})
        histogram->reserve();
    result_.intervals.reserve(static_cast<std::size_t>(window / interval_length_) + 1);
}

void Tally::open_window(TimePoint w0, TimePoint w1) {
    w0_ = w0;
    w1_ = w1;
    interval_end_ = w0 + interval_length_;
}

void Tally::cut_window(TimePoint now) {
    w1_ = std::clamp(now, w0_, w1_);
}

/// The part of [from, to) that lies in the window.
Duration Tally::overlap(TimePoint from, TimePoint to) const noexcept {
    return std::clamp(to, w0_, w1_) - std::clamp(from, w0_, w1_);
}

void Tally::change_in_flight(int by, TimePoint at) noexcept {
    in_flight_ns_ += static_cast<double>(in_flight_) * as_double(overlap(changed_at_, at));
    changed_at_ = at;
    in_flight_ += static_cast<std::uint64_t>(by);
}

void Tally::sent(const Exchange& exchange, TimePoint free) noexcept {
    ++result_.sent_all_phases;
    change_in_flight(1, exchange.send);
    if (!exchange.is_of_window) return;
    ++result_.requests.sent;
    result_.send_lateness.record(nanoseconds(exchange.send - std::max(exchange.due, free)));
}

void Tally::ended(const Exchange& exchange, End end, int status, TimePoint at) {
    if (is_whole_answer(end)) ++result_.completed_all_phases;
    if (end == End::kSucceeded)
        live_.succeeded.store(live_.succeeded.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    change_in_flight(-1, at);
    if (is_in_window(at) && end != End::kInFlight) count_in_interval(end, at - exchange.due, at);
    const Duration inside = overlap(exchange.send, at);
    if (!exchange.is_of_window) {
        foreign_ns_ += as_double(inside);
        return;
    }
    own_outside_ns_ += as_double(at - exchange.send - inside);
    count(end, status);
    if (end == End::kSucceeded || end == End::kTimeout) {
        record_times(exchange, at);
    } else {
        unrecorded_ns_ += as_double(at - exchange.send);
    }
}

/// Latency and service time are one and the same where the send was due: then one histogram takes both.
void Tally::record_times(const Exchange& exchange, TimePoint at) noexcept {
    if (exchange.due == exchange.send) return sent_when_due_.record(nanoseconds(at - exchange.send));
    result_.latency.record(nanoseconds(at - exchange.due));
    result_.service_time.record(nanoseconds(at - exchange.send));
}

void Tally::count(End end, int status) noexcept {
    Requests& requests = result_.requests;
    if (is_whole_answer(end)) {
        ++requests.completed;
        ++status_counts_[static_cast<std::size_t>(status)];
    }
    switch (end) {
    case End::kSucceeded: ++requests.succeeded; break;
    case End::kStatus: ++requests.errors.status; break;
    case End::kVerification: ++requests.errors.verification; break;
    case End::kTimeout: ++requests.errors.timeout; break;
    case End::kReset: ++requests.errors.reset; break;
    case End::kProtocol: ++requests.errors.protocol; break;
    case End::kInFlight: ++requests.in_flight_at_end; break;
    }
}

void Tally::count_in_interval(End end, Duration latency, TimePoint at) {
    while (at >= interval_end_) turn_interval();
    if (is_whole_answer(end)) ++interval_.completed;
    if (end != End::kSucceeded) ++interval_.errors;
    if (end == End::kSucceeded || end == End::kTimeout) interval_.latency.record(nanoseconds(latency));
}

/// Puts the interval away in as little memory as its values need, and begins the next in the same histogram.
void Tally::turn_interval() {
    const TimePoint start = interval_end_ - interval_length_;
    interval_.start_s = seconds(start - w0_);
    interval_.duration_s = seconds(std::min(interval_end_, w1_) - start);
    live_.p99_ns.store(interval_.latency.quantile(0.99), std::memory_order_relaxed);
    result_.intervals.push_back(interval_);
    interval_.latency.clear();
    interval_.completed = 0;
    interval_.errors = 0;
    interval_end_ += interval_length_;
}

void Tally::connect_failed(TimePoint due, TimePoint at) {
    if (is_in_window(at)) {
        while (at >= interval_end_) turn_interval();
        ++interval_.errors;
    }
    if (!is_in_window(due)) return;
    ++result_.requests.sent;
    ++result_.requests.errors.connect;
}

void Tally::unsent(TimePoint due, TimePoint at) {
    if (!is_in_window(due)) return;
    ++result_.requests.unsent;
    result_.latency.record(nanoseconds(at - due));
}

void Tally::note_error(std::string_view text) {
    if (result_.first_error.empty()) result_.first_error = text;
}

void Tally::worked(TimePoint began, TimePoint ended, Duration idle) noexcept {
    busy_ += std::max(overlap(began, ended) - idle, Duration::zero());
}

void Tally::settled(double places, TimePoint began, TimePoint ended) noexcept {
    const TimePoint from = std::max(began, w0_);
    const TimePoint to = std::min(ended, w1_);
    if (from < to) result_.settling_time_s += places * seconds(to - from);
}

void Tally::set_cpu_time(Duration in_window) noexcept {
    result_.generator_cpu_s = seconds(in_window);
}

void Tally::set_run_queue_wait(Duration in_window) noexcept {
    result_.run_queue_wait_s = seconds(in_window);
}

void Tally::add_all_phases(std::uint64_t sent, std::uint64_t completed, std::uint64_t connections) noexcept {
    result_.sent_all_phases += sent;
    result_.completed_all_phases += completed;
    result_.connections_opened += connections;
}

LoadResult Tally::close() {
    change_in_flight(0, w1_);
    result_.in_flight_time_s = in_flight_ns_ * kSecondsPerNanosecond;
    result_.foreign_time_s = foreign_ns_ * kSecondsPerNanosecond;
    result_.own_time_outside_s = own_outside_ns_ * kSecondsPerNanosecond;
    result_.unrecorded_time_s = unrecorded_ns_ * kSecondsPerNanosecond;
    result_.latency.merge(sent_when_due_);
    result_.service_time.merge(sent_when_due_);
    result_.duration_s = seconds(w1_ - w0_);
    if (result_.duration_s > 0) result_.generator_busy_share = seconds(busy_) / result_.duration_s;
    while (interval_end_ - interval_length_ < w1_) turn_interval();
    for (std::size_t status = 0; status < status_counts_.size(); ++status)
        if (status_counts_[status] > 0)
            result_.status_counts[static_cast<int>(status)] = status_counts_[status];
    return std::move(result_);
}

namespace {

void merge_intervals(std::vector<Interval>& whole, const std::vector<Interval>& part) {
    if (whole.size() < part.size()) whole.resize(part.size());
    for (std::size_t i = 0; i < part.size(); ++i) {
        whole[i].start_s = part[i].start_s;
        whole[i].duration_s = std::max(whole[i].duration_s, part[i].duration_s);
        whole[i].completed += part[i].completed;
        whole[i].errors += part[i].errors;
        whole[i].latency.merge(part[i].latency);
    }
}

void merge_requests(Requests& whole, const Requests& part) {
    whole.sent += part.sent;
    whole.completed += part.completed;
    whole.succeeded += part.succeeded;
    whole.in_flight_at_end += part.in_flight_at_end;
    whole.unsent += part.unsent;
    whole.waited_for_connection += part.waited_for_connection;
    whole.errors.connect += part.errors.connect;
    whole.errors.timeout += part.errors.timeout;
    whole.errors.reset += part.errors.reset;
    whole.errors.protocol += part.errors.protocol;
    whole.errors.status += part.errors.status;
    whole.errors.verification += part.errors.verification;
}

} // namespace

void merge(LoadResult& whole, const LoadResult& part) {
    whole.duration_s = std::max(whole.duration_s, part.duration_s);
    merge_requests(whole.requests, part.requests);
    for (const auto& [status, count] : part.status_counts) whole.status_counts[status] += count;
    whole.latency.merge(part.latency);
    whole.service_time.merge(part.service_time);
    whole.send_lateness.merge(part.send_lateness);
    merge_intervals(whole.intervals, part.intervals);
    whole.sent_all_phases += part.sent_all_phases;
    whole.completed_all_phases += part.completed_all_phases;
    whole.bytes_sent += part.bytes_sent;
    whole.bytes_received += part.bytes_received;
    whole.connections_opened += part.connections_opened;
    whole.generator_cpu_s += part.generator_cpu_s;
    if (part.run_queue_wait_s)
        whole.run_queue_wait_s = whole.run_queue_wait_s.value_or(0) + *part.run_queue_wait_s;
    whole.generator_busy_share = std::max(whole.generator_busy_share, part.generator_busy_share);
    whole.in_flight_time_s += part.in_flight_time_s;
    whole.foreign_time_s += part.foreign_time_s;
    whole.own_time_outside_s += part.own_time_outside_s;
    whole.settling_time_s += part.settling_time_s;
    whole.unrecorded_time_s += part.unrecorded_time_s;
    if (whole.first_error.empty()) whole.first_error = part.first_error;
}

} // namespace kvduel::load
