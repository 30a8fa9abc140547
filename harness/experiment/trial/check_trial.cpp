#include "harness/experiment/trial/check_trial.hpp"

#include "harness/experiment/server/server_process.hpp"
#include "harness/experiment/text/number_text.hpp"
#include "harness/experiment/trial/check_limits.hpp"
#include "harness/experiment/trial/count_bounds.hpp"
#include "harness/experiment/trial/figures.hpp"
#include "harness/experiment/trial/load_laws.hpp"

#include <algorithm>
#include <cmath>

namespace kvduel::experiment {

namespace {

class Findings {
public:
    void invalid(std::string_view code, std::string what) { add(code, std::move(what), true); }
    void warn(std::string_view code, std::string what) { add(code, std::move(what), false); }
    std::vector<Finding> take() { return std::move(all_); }

private:
    void add(std::string_view code, std::string what, bool makes_invalid) {
        all_.push_back({{std::string(code), std::move(what)}, makes_invalid});
    }
    std::vector<Finding> all_;
};

void check_ends(const Evidence& evidence, Findings& findings) {
    if (evidence.was_interrupted) findings.invalid("interrupted", "a signal ended the trial early");
    if (evidence.start_error && !evidence.was_interrupted)
        findings.invalid("server_not_started", message(*evidence.start_error));
    if (evidence.has_server_died && !evidence.was_interrupted)
        findings.invalid("server_died",
                         "the server " + describe(evidence.exit) + " before it was told to end");
    else if (!evidence.server_change.empty() && !evidence.was_interrupted)
        findings.invalid("server_died",
                         "the server is not the one that the trial began with: " + evidence.server_change);
    if (!evidence.load_error || evidence.was_interrupted) return;
    findings.invalid(evidence.did_preload_fail ? "preload_failed" : "server_unreachable",
                     message(*evidence.load_error));
}

void check_server_count(const Evidence& evidence, const load::LoadResult& load, Findings& findings) {
    if (!evidence.requests_counted) return;
    const std::uint64_t counted = *evidence.requests_counted;
    const CountBounds bounds = count_bounds(load);
    if (counted >= bounds.least && counted <= bounds.most) return;
    findings.invalid("server_count_mismatch", "the server counted " + number_text(counted) + " requests; " +
                                                  number_text(bounds.most) + " were sent and " +
                                                  number_text(bounds.least) + " answered");
}

void check_background(const load::LoadResult& load, Findings& findings) {
    for (const load::BackgroundResult& one : load.background) {
        const std::string name(load::word_of(one.background.kind));
        const double held = static_cast<double>(one.held_min) / one.background.connections;
        const std::string first = one.first_error.empty() ? "" : "; the first error: " + one.first_error;
        if (held < limits::kMinHeldShare)
            findings.invalid("background_short",
                             name + ": " + number_text(std::uint64_t{one.held_min}) + " of " +
                                 number_text(std::uint64_t{one.background.connections}) +
                                 " connections were held (" + percent_text(held) + ")" + first);
        else if (one.background.kind != load::BackgroundKind::kIdle &&
                 one.bytes_sent + one.bytes_received == 0)
            findings.invalid("background_short", name + ": not a byte was moved in the window");
        std::uint64_t taken = 0;
        for (const auto& [status, count] : one.answers)
            if (status < 300) taken += count;
        if (one.background.kind == load::BackgroundKind::kNoise && taken > 0)
            findings.warn("malformed_accepted",
                          number_text(taken) + " malformed requests were answered with 2xx");
    }
}

void check_laws(const Parameters& parameters, const load::LoadResult& load, bool is_whole,
                Findings& findings) {
    if (const std::string broken = broken_conservation(load); !broken.empty())
        findings.invalid("conservation_violated", broken);
    if (!is_whole) return;
    if (const std::string broken = broken_littles_law(parameters, load); !broken.empty())
        findings.invalid("littles_law_violated", broken);
    if (const double share = settling_share(parameters, load); share > limits::kMaxSettlingShare)
        findings.invalid("slices_too_short", "for " + percent_text(share) +
                                                 " of the window connections waited for the others of their "
                                                 "slice to end: its rate is too low by that");
}

void check_generator(const load::LoadResult& load, Findings& findings) {
    if (load.generator_busy_share > limits::kMaxBusyShare)
        findings.invalid("generator_saturated", "the busiest load thread was busy for " +
                                                    percent_text(load.generator_busy_share) +
                                                    " of the window: it measures the generator");
}

/// P99, or the highest percentile below it that so many samples carry; null if none.
const SampleNeed* highest_carried(std::uint64_t samples) {
    const SampleNeed* highest = nullptr;
    for (const SampleNeed& need : sample_needs())
        if (need.is_in_tables && samples >= need.least) highest = &need;
    return highest;
}

void check_lateness(const load::LoadResult& load, Findings& findings) {
    const SampleNeed* need = highest_carried(load.send_lateness.count());
    if (need == nullptr || load.latency.count() == 0) return;
    const auto us = [](const stats::Histogram& histogram, double q) {
        return static_cast<double>(histogram.quantile(q)) / kNsPerUs;
    };
    const double lateness = us(load.send_lateness, need->quantile);
    const double latency_tail = us(load.latency, need->quantile);
    const double latency_p50 = us(load.latency, 0.5);
    const std::string what = percent_text(1 - need->quantile) + " of the requests left over " +
                             number_text(lateness) + " us late; latency is " + number_text(latency_p50) +
                             " us at P50, " + number_text(latency_tail) + " us at P" +
                             std::string(need->percentile.substr(1));
    if (lateness > std::max(limits::kInvalidLatenessUs, limits::kInvalidLatenessShareOfP99 * latency_tail))
        findings.invalid("send_late", what);
    else if (lateness > std::max(limits::kLatenessUs, limits::kLatenessShareOfP50 * latency_p50))
        findings.warn("send_late", what);
}

void check_offer(const Parameters& parameters, const load::LoadResult& load, Findings& findings) {
    if (parameters.loop != Loop::kOpen) return;
    const load::Requests& requests = load.requests;
    const std::uint64_t due = requests.sent + requests.unsent;
    const auto share = [due](std::uint64_t part) {
        return static_cast<double>(part) / static_cast<double>(std::max<std::uint64_t>(due, 1));
    };
    if (due > 0 && share(requests.sent) < limits::kMinSentShare) {
        const std::string what = number_text(requests.unsent) + " of " + number_text(due) +
                                 " requests were due and never sent (" +
                                 percent_text(share(requests.unsent)) + ")";
        if (parameters.are_errors_expected)
            findings.warn("offered_rate_missed", what);
        else
            findings.invalid("offered_rate_missed", what);
    }
    if (share(requests.waited_for_connection) > limits::kMaxWaitedShare)
        findings.warn("connections_exhausted", number_text(requests.waited_for_connection) + " of " +
                                                   number_text(due) + " requests found no connection free (" +
                                                   percent_text(share(requests.waited_for_connection)) + ")");
}

double error_share(const load::Requests& requests) {
    return static_cast<double>(requests.errors.total()) /
           static_cast<double>(std::max<std::uint64_t>(requests.sent, 1));
}

void check_errors(const Parameters& parameters, const load::LoadResult& load, Findings& findings) {
    const load::Errors& errors = load.requests.errors;
    const std::string first = load.first_error.empty() ? "" : "; the first: " + load.first_error;
    if (errors.verification > 0)
        findings.invalid("verification_failed",
                         number_text(errors.verification) + " answers held a wrong value" + first);
    // A server that is silent from the warm-up on makes no error in the window, and a closed loop sends
    // nothing.
    if (load.requests.completed == 0)
        findings.invalid("nothing_answered", "no request of the window got an answer; " +
                                                 number_text(load.requests.sent) + " were sent" + first);
    if (errors.total() == 0) return;
    const double share = error_share(load.requests);
    const std::string what = number_text(errors.total()) + " of " + number_text(load.requests.sent) +
                             " requests failed (" + percent_text(share) + ")" + first;
    if (are_errors_too_many(parameters, load.requests))
        findings.invalid("errors_high", what);
    else
        findings.warn("errors_high", what);
}

void check_time(const Parameters& parameters, const Evidence& evidence, const load::LoadResult& load,
                Findings& findings) {
    const auto disagrees = [&](const std::optional<double>& clock) {
        return clock && evidence.monotonic_window_s &&
               std::abs(*clock - *evidence.monotonic_window_s) >
                   std::max(limits::kClockReadsUs / 1e6,
                            limits::kMaxClockSkew * *evidence.monotonic_window_s);
    };
    for (const auto& [name, clock] :
         {std::pair("wall", evidence.wall_window_s), std::pair("boot", evidence.boot_window_s)})
        if (disagrees(clock))
            findings.invalid("clock_unsound", "the window took " + number_text(*clock) + " s by the " + name +
                                                  " clock and " + number_text(*evidence.monotonic_window_s) +
                                                  " s by the monotonic one");
    if (load.duration_s < limits::kMinWindowShare * parameters.duration_s)
        findings.invalid("window_short", "the window was " + number_text(load.duration_s) + " s of " +
                                             number_text(parameters.duration_s) + " s");
}

void check_samples(const load::LoadResult& load, Findings& findings) {
    std::string few;
    for (const SampleNeed& need : sample_needs()) {
        if (!need.is_in_tables || load.latency.count() >= need.enough) continue;
        few.append(few.empty() ? "" : ", ").append(need.percentile).append(" needs ");
        few.append(number_text(need.enough)).append(load.latency.count() < need.least ? " (absent)" : "");
    }
    if (!few.empty())
        findings.warn("too_few_samples", number_text(load.latency.count()) + " latencies: " + few);
    if (load.latency.saturated() > 0)
        findings.warn("histogram_saturated",
                      number_text(load.latency.saturated()) + " latencies over one hour");
}

void check_machine(const Evidence& evidence, Findings& findings) {
    if (evidence.listen_drops.value_or(0) > 0)
        findings.warn("listen_overflow", "the kernel dropped " + number_text(*evidence.listen_drops) +
                                             " connections at a full accept queue");
    if (evidence.steal_ratio.value_or(0) > limits::kMaxStealRatio)
        findings.warn("noisy_machine", percent_text(*evidence.steal_ratio) + " of CPU time was stolen");
    if (evidence.run_queue_wait_ratio.value_or(0) > limits::kMaxRunQueueWait)
        findings.warn("noisy_machine", "the load waited for its CPU for " +
                                           percent_text(*evidence.run_queue_wait_ratio) +
                                           " of the window: something else ran there");
    if (evidence.throttled_periods.value_or(0) > 0)
        findings.warn("noisy_machine", "a CPU quota stopped server or load in " +
                                           number_text(*evidence.throttled_periods) +
                                           " periods of its control group");
    if (evidence.longest_gap_s.value_or(0) > limits::kMaxTickGapS)
        findings.warn("noisy_machine",
                      "the harness did not run for " + number_text(*evidence.longest_gap_s) + " s");
    if (evidence.are_cpus_shared)
        findings.warn("shared_cpus", "server and load may run on the same core: each slows the other");
    if (!evidence.is_server_cpu_known)
        findings.warn("server_cpu_unknown",
                      "the server's CPU time could not be read" + (evidence.server_cpu_absence.empty()
                                                                       ? std::string()
                                                                       : ": " + evidence.server_cpu_absence));
}

void check_exit(const Evidence& evidence, Findings& findings) {
    if (evidence.exit.was_killed && !evidence.has_server_died)
        findings.warn("server_killed", "the server did not end after SIGTERM and was killed");
    else if (evidence.exit.orphans > 0)
        findings.warn("server_killed", "the server left " + std::to_string(evidence.exit.orphans) +
                                           " processes, which were killed");
    const bool ended_badly = evidence.exit.code.value_or(0) != 0 && !evidence.has_server_died;
    if (ended_badly && !evidence.start_error)
        findings.warn("server_exit", "the server " + describe(evidence.exit) + " after SIGTERM");
}

} // namespace

bool are_errors_too_many(const Parameters& parameters, const load::Requests& requests) {
    return error_share(requests) > limits::kMaxErrorShare && !parameters.are_errors_expected;
}

std::vector<Finding> check_trial(const Parameters& parameters, const Evidence& evidence) {
    Findings findings;
    check_ends(evidence, findings);
    if (evidence.load != nullptr) {
        const load::LoadResult& load = *evidence.load;
        // A load that was cut short keeps its books, but the laws of a whole window do not bind it.
        const bool is_whole =
            !evidence.was_interrupted && !evidence.has_server_died && evidence.server_change.empty();
        check_laws(parameters, load, is_whole, findings);
        if (!is_whole) return findings.take();
        check_server_count(evidence, load, findings);
        check_background(load, findings);
        check_generator(load, findings);
        check_lateness(load, findings);
        check_offer(parameters, load, findings);
        check_errors(parameters, load, findings);
        check_time(parameters, evidence, load, findings);
        if (const std::string change = unsteadiness(load); !change.empty())
            findings.warn("not_steady", change);
        check_samples(load, findings);
        check_machine(evidence, findings);
    }
    check_exit(evidence, findings);
    return findings.take();
}

} // namespace kvduel::experiment
