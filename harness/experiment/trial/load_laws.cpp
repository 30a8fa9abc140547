#include "harness/experiment/trial/load_laws.hpp"

#include "harness/experiment/trial/check_limits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>

namespace kvduel::experiment {

namespace {

constexpr double kNsPerS = 1e9;
constexpr double kMinIntervalS = 0.2; // a shorter rest of the window says little

template <typename... Values>
std::string format(const char* pattern, Values... values) {
    std::array<char, 256> text{};
    std::snprintf(text.data(), text.size(), pattern, values...);
    return text.data();
}

std::string unequal(const char* what, std::uint64_t left, std::uint64_t right) {
    return format(what, static_cast<unsigned long long>(left), static_cast<unsigned long long>(right));
}

struct Third {
    double rate = 0;
    stats::Histogram latency;
};

Third sum(const std::vector<const load::Interval*>& intervals, std::size_t first, std::size_t count) {
    Third third;
    double duration_s = 0;
    double completed = 0;
    for (std::size_t i = first; i < first + count; ++i) {
        duration_s += intervals[i]->duration_s;
        completed += static_cast<double>(intervals[i]->completed);
        third.latency.merge(intervals[i]->latency);
    }
    third.rate = completed / duration_s;
    return third;
}

bool differs(double first, double last) {
    return std::abs(last - first) > limits::kMaxChange * std::max(first, last);
}

} // namespace

std::string broken_conservation(const load::LoadResult& load) {
    const load::Requests& r = load.requests;
    const std::uint64_t answered = r.succeeded + r.errors.status + r.errors.verification;
    if (r.completed != answered)
        return unequal("completed %llu, but succeeded + status + verification errors %llu", r.completed,
                       answered);
    const std::uint64_t accounted = r.completed + r.in_flight_at_end + r.errors.without_answer();
    if (r.sent != accounted)
        return unequal("sent %llu, but completed + in flight + errors without an answer %llu", r.sent,
                       accounted);
    const std::uint64_t timed = r.succeeded + r.errors.timeout + r.unsent;
    if (load.latency.count() != timed)
        return unequal("%llu latencies, but succeeded + timeouts + unsent %llu", load.latency.count(), timed);
    return {};
}

std::string broken_littles_law(const Parameters& parameters, const load::LoadResult& load) {
    const double window_s = load.duration_s;
    if (window_s <= 0 || load.requests.sent == 0) return {};
    const double in_flight = load.in_flight_time_s / window_s;
    const double served_s = load.service_time.sum() / kNsPerS + load.unrecorded_time_s;
    const double expected_s = served_s + load.foreign_time_s - load.own_time_outside_s;
    const double allowed_s = limits::kLawShare * load.in_flight_time_s;
    if (std::abs(load.in_flight_time_s - expected_s) > allowed_s)
        return format(
            "requests were in flight for %.6g s, but their service times make %.6g s (allowed: %.3g s apart)",
            load.in_flight_time_s, expected_s, allowed_s);
    const bool is_kept_alive = parameters.loop == Loop::kClosed && parameters.requests_per_connection == 0 &&
                               load.requests.errors.without_answer() == 0;
    const double full = static_cast<double>(parameters.connections) * parameters.pipeline;
    // What a stall takes while a slice ends is not the server's: slices_too_short tells of it.
    const double asked = full - load.settling_time_s / window_s;
    if (is_kept_alive && in_flight < limits::kMinClosedLoopShare * asked)
        return format("%.6g requests were in flight on average, %.6g connections ask for %.6g", in_flight,
                      static_cast<double>(parameters.connections), asked);
    return {};
}

double settling_share(const Parameters& parameters, const load::LoadResult& load) {
    const double places_s =
        static_cast<double>(parameters.connections) * parameters.pipeline * load.duration_s;
    return places_s > 0 ? load.settling_time_s / places_s : 0;
}

std::string unsteadiness(const load::LoadResult& load) {
    std::vector<const load::Interval*> intervals;
    for (const load::Interval& interval : load.intervals)
        if (interval.duration_s >= kMinIntervalS) intervals.push_back(&interval);
    if (intervals.size() < 2) return {};
    const std::size_t third = std::max<std::size_t>(1, intervals.size() / 3);
    const Third first = sum(intervals, 0, third);
    const Third last = sum(intervals, intervals.size() - third, third);
    if (differs(first.rate, last.rate))
        return format("the rate went from %.6g/s to %.6g/s within the window", first.rate, last.rate);
    const auto first_p50 = static_cast<double>(first.latency.quantile(0.5)) / 1000;
    const auto last_p50 = static_cast<double>(last.latency.quantile(0.5)) / 1000;
    if (differs(first_p50, last_p50))
        return format("p50 went from %.6g us to %.6g us within the window", first_p50, last_p50);
    return {};
}

} // namespace kvduel::experiment
