#include "harness/experiment/check_trial.hpp"

#include "harness/experiment/figures.hpp"
#include "harness/experiment/load_laws.hpp"
#include "harness/experiment/server_process.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace kvduel::experiment {

namespace {

constexpr double kMaxBusyShare = 0.90;
constexpr double kMaxErrorShare = 0.01;
constexpr double kMaxClockSkew = 0.001;
constexpr double kMinWindowShare = 0.99;
constexpr double kMaxStealRatio = 0.01;
constexpr double kMaxRunQueueWait = 0.02;
constexpr double kMaxTickGapS = 0.5;
constexpr double kMinSentShare = 0.99;
constexpr double kMaxWaitedShare = 0.01;
constexpr double kNsPerUs = 1e3;
/// Send lateness, P99: over both a time and a share of the latency it disturbs.
constexpr double kInvalidLatenessUs = 1'000;
constexpr double kInvalidLatenessShareOfP99 = 0.10;
constexpr double kLatenessUs = 100;
constexpr double kLatenessShareOfP50 = 0.05;

constexpr std::array<Check, 25> kChecks{{
    {"interrupted", CheckKind::kInvalid, "a signal ended the trial early"},
    {"server_not_started", CheckKind::kInvalid, "the server did not start or did not say that it listens"},
    {"server_died", CheckKind::kInvalid, "the server ended before it was told to"},
    {"preload_failed", CheckKind::kInvalid, "a key could not be written before the warm-up"},
    {"server_unreachable", CheckKind::kInvalid, "no connection could be opened"},
    {"conservation_violated", CheckKind::kInvalid,
     "sent is not completed + errors without an answer + in flight at the end, or the histogram's count "
     "differs"},
    {"littles_law_violated", CheckKind::kInvalid,
     "mean in flight x window differs from the sum of service times by over 0.5 % + 2 us x rate"},
    {"server_count_mismatch", CheckKind::kInvalid,
     "the server counted other than what was sent (with lost connections: not completed .. sent)"},
    {"generator_saturated", CheckKind::kInvalid, "a load thread was busy for over 90 % of the window"},
    {"send_late", CheckKind::kEither,
     "P99 send lateness; invalid: over 1 ms and 10 % of P99 latency; warning: over 100 us and 5 % of P50"},
    {"offered_rate_missed", CheckKind::kEither,
     "open loop: under 99 % of what was due was sent; a warning if the scenario expects errors"},
    {"connections_exhausted", CheckKind::kWarning,
     "open loop: over 1 % of what was due found no connection free"},
    {"verification_failed", CheckKind::kInvalid, "an answer held a wrong value"},
    {"errors_high", CheckKind::kEither,
     "invalid: over 1 % errors, unless the scenario expects them; warning: any"},
    {"clock_unsound", CheckKind::kInvalid,
     "the wall, boot and monotonic clocks disagree about the window by over 0.1 %"},
    {"window_short", CheckKind::kInvalid, "the window was under 99 % of what was asked"},
    {"not_steady", CheckKind::kWarning,
     "rate or p50 of the window's first and last third differ by over 10 %"},
    {"too_few_samples", CheckKind::kWarning,
     "fewer samples than a percentile needs; with far fewer it is absent"},
    {"histogram_saturated", CheckKind::kWarning, "a latency was over one hour"},
    {"listen_overflow", CheckKind::kWarning, "the kernel dropped connections at a full accept queue"},
    {"noisy_machine", CheckKind::kWarning,
     "over 1 % of CPU time was stolen, the load waited for its CPU for over 2 % of the window, or the "
     "harness did not "
     "run for 0.5 s"},
    {"shared_cpus", CheckKind::kWarning, "server and load may run on the same core"},
    {"server_cpu_unknown", CheckKind::kWarning, "the server's CPU time could not be read"},
    {"server_killed", CheckKind::kWarning,
     "the server did not end after SIGTERM and was killed, or left processes"},
    {"server_exit", CheckKind::kWarning, "the server ended with an exit code other than 0 after SIGTERM"},
}};

/// Numbers in messages: short, no trailing zeros.
std::string text_of(double number) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.6g", number);
    return text.data();
}

std::string text_of(std::uint64_t number) {
    return std::to_string(number);
}

std::string percent(double share) {
    return text_of(std::round(share * 10'000) / 100) + " %";
}

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
    if (!evidence.load_error || evidence.was_interrupted) return;
    findings.invalid(evidence.did_preload_fail ? "preload_failed" : "server_unreachable",
                     message(*evidence.load_error));
}

void check_server_count(const Evidence& evidence, const load::LoadResult& load, Findings& findings) {
    if (!evidence.requests_counted) return;
    const std::uint64_t counted = *evidence.requests_counted;
    // Unanswered requests may or may not have reached the server; with none the counts must be equal.
    if (counted >= load.completed_all_phases && counted <= load.sent_all_phases) return;
    findings.invalid("server_count_mismatch", "the server counted " + text_of(counted) + " requests; " +
                                                  text_of(load.sent_all_phases) + " were sent and " +
                                                  text_of(load.completed_all_phases) + " answered");
}

void check_laws(const Parameters& parameters, const load::LoadResult& load, bool is_whole,
                Findings& findings) {
    if (const std::string broken = broken_conservation(load); !broken.empty())
        findings.invalid("conservation_violated", broken);
    if (!is_whole) return;
    if (const std::string broken = broken_littles_law(parameters, load); !broken.empty())
        findings.invalid("littles_law_violated", broken);
}

void check_generator(const load::LoadResult& load, Findings& findings) {
    if (load.generator_busy_share > kMaxBusyShare)
        findings.invalid("generator_saturated", "the busiest load thread was busy for " +
                                                    percent(load.generator_busy_share) +
                                                    " of the window: it measures the generator");
}

void check_lateness(const load::LoadResult& load, Findings& findings) {
    const SampleNeed& p99 = sample_needs()[2];
    if (load.send_lateness.count() < p99.least || load.latency.count() == 0) return;
    const auto us = [](const stats::Histogram& histogram, double q) {
        return static_cast<double>(histogram.quantile(q)) / kNsPerUs;
    };
    const double lateness = us(load.send_lateness, 0.99);
    const double latency_p99 = us(load.latency, 0.99);
    const double latency_p50 = us(load.latency, 0.5);
    const std::string what = "1 % of the requests left over " + text_of(lateness) + " us late; latency is " +
                             text_of(latency_p50) + " us at P50, " + text_of(latency_p99) + " us at P99";
    if (lateness > std::max(kInvalidLatenessUs, kInvalidLatenessShareOfP99 * latency_p99))
        findings.invalid("send_late", what);
    else if (lateness > std::max(kLatenessUs, kLatenessShareOfP50 * latency_p50))
        findings.warn("send_late", what);
}

void check_offer(const Parameters& parameters, const load::LoadResult& load, Findings& findings) {
    if (parameters.loop != Loop::kOpen) return;
    const load::Requests& requests = load.requests;
    const std::uint64_t due = requests.sent + requests.unsent;
    const auto share = [due](std::uint64_t part) {
        return static_cast<double>(part) / static_cast<double>(std::max<std::uint64_t>(due, 1));
    };
    if (due > 0 && share(requests.sent) < kMinSentShare) {
        const std::string what = text_of(requests.unsent) + " of " + text_of(due) +
                                 " requests were due and never sent (" + percent(share(requests.unsent)) +
                                 ")";
        if (parameters.are_errors_expected)
            findings.warn("offered_rate_missed", what);
        else
            findings.invalid("offered_rate_missed", what);
    }
    if (share(requests.waited_for_connection) > kMaxWaitedShare)
        findings.warn("connections_exhausted", text_of(requests.waited_for_connection) + " of " +
                                                   text_of(due) + " requests found no connection free (" +
                                                   percent(share(requests.waited_for_connection)) + ")");
}

void check_errors(const Parameters& parameters, const load::LoadResult& load, Findings& findings) {
    const load::Errors& errors = load.requests.errors;
    const std::string first = load.first_error.empty() ? "" : "; the first: " + load.first_error;
    if (errors.verification > 0)
        findings.invalid("verification_failed",
                         text_of(errors.verification) + " answers held a wrong value" + first);
    if (errors.total() == 0) return;
    const double share = static_cast<double>(errors.total()) /
                         static_cast<double>(std::max<std::uint64_t>(load.requests.sent, 1));
    const std::string what = text_of(errors.total()) + " of " + text_of(load.requests.sent) +
                             " requests failed (" + percent(share) + ")" + first;
    if (share > kMaxErrorShare && !parameters.are_errors_expected)
        findings.invalid("errors_high", what);
    else
        findings.warn("errors_high", what);
}

void check_time(const Parameters& parameters, const Evidence& evidence, const load::LoadResult& load,
                Findings& findings) {
    const auto disagrees = [&](const std::optional<double>& clock) {
        return clock && evidence.monotonic_window_s &&
               std::abs(*clock - *evidence.monotonic_window_s) > kMaxClockSkew * *evidence.monotonic_window_s;
    };
    for (const auto& [name, clock] :
         {std::pair("wall", evidence.wall_window_s), std::pair("boot", evidence.boot_window_s)})
        if (disagrees(clock))
            findings.invalid("clock_unsound", "the window took " + text_of(*clock) + " s by the " + name +
                                                  " clock and " + text_of(*evidence.monotonic_window_s) +
                                                  " s by the monotonic one");
    if (load.duration_s < kMinWindowShare * parameters.duration_s)
        findings.invalid("window_short", "the window was " + text_of(load.duration_s) + " s of " +
                                             text_of(parameters.duration_s) + " s");
}

void check_samples(const load::LoadResult& load, Findings& findings) {
    std::string few;
    for (const SampleNeed& need : sample_needs()) {
        if (load.latency.count() >= need.enough) continue;
        few.append(few.empty() ? "" : ", ").append(need.percentile).append(" needs ");
        few.append(text_of(need.enough)).append(load.latency.count() < need.least ? " (absent)" : "");
    }
    if (!few.empty()) findings.warn("too_few_samples", text_of(load.latency.count()) + " latencies: " + few);
    if (load.latency.saturated() > 0)
        findings.warn("histogram_saturated", text_of(load.latency.saturated()) + " latencies over one hour");
}

void check_machine(const Evidence& evidence, Findings& findings) {
    if (evidence.listen_drops.value_or(0) > 0)
        findings.warn("listen_overflow", "the kernel dropped " + text_of(*evidence.listen_drops) +
                                             " connections at a full accept queue");
    if (evidence.steal_ratio.value_or(0) > kMaxStealRatio)
        findings.warn("noisy_machine", percent(*evidence.steal_ratio) + " of CPU time was stolen");
    if (evidence.run_queue_wait_ratio.value_or(0) > kMaxRunQueueWait)
        findings.warn("noisy_machine", "the load waited for its CPU for " +
                                           percent(*evidence.run_queue_wait_ratio) +
                                           " of the window: something else ran there");
    if (evidence.longest_gap_s.value_or(0) > kMaxTickGapS)
        findings.warn("noisy_machine",
                      "the harness did not run for " + text_of(*evidence.longest_gap_s) + " s");
    if (evidence.are_cpus_shared)
        findings.warn("shared_cpus", "server and load may run on the same core: each slows the other");
    if (!evidence.is_server_cpu_known)
        findings.warn("server_cpu_unknown", "the server's CPU time could not be read");
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

std::span<const Check> checks() {
    return kChecks;
}

std::vector<Finding> check_trial(const Parameters& parameters, const Evidence& evidence) {
    Findings findings;
    check_ends(evidence, findings);
    if (evidence.load != nullptr) {
        const load::LoadResult& load = *evidence.load;
        // A load that was cut short keeps its books, but the laws of a whole window do not bind it.
        const bool is_whole = !evidence.was_interrupted && !evidence.has_server_died;
        check_laws(parameters, load, is_whole, findings);
        if (!is_whole) return findings.take();
        check_server_count(evidence, load, findings);
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
