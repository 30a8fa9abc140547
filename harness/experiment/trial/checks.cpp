#include "harness/experiment/trial/checks.hpp"

#include "harness/experiment/text/number_text.hpp"
#include "harness/experiment/trial/check_limits.hpp"
#include "harness/experiment/trial/figures.hpp"

#include <vector>

namespace kvduel::experiment {

namespace {

using Rows = std::vector<Check>;

/// "35 for p50, 197 for p90, 2010 for p99".
std::string enough_samples() {
    std::string text;
    for (const SampleNeed& need : sample_needs()) {
        if (!need.is_in_tables) continue;
        text.append(text.empty() ? "" : ", ").append(number_text(need.enough));
        text.append(" for ").append(need.percentile);
    }
    return text;
}

void add_ends(Rows& rows) {
    rows.push_back({"interrupted", CheckKind::kInvalid, "a signal ended the trial early"});
    rows.push_back({"server_not_started", CheckKind::kInvalid,
                    "the server did not start, or did not say in time that it listens"});
    rows.push_back({"server_died", CheckKind::kInvalid,
                    "the server ended before it was told to, or is not the process that announced itself: "
                    "another pid or start time, or its count of requests went back"});
    rows.push_back({"preload_failed", CheckKind::kInvalid, "a key could not be written before the warm-up"});
    rows.push_back({"server_unreachable", CheckKind::kInvalid, "no connection could be opened"});
}

void add_laws(Rows& rows) {
    rows.push_back(
        {"conservation_violated", CheckKind::kInvalid,
         "not completed = succeeded + status + verification; or not sent = completed + in flight at "
         "the end + connect + timeout + reset + protocol; or not the count of latency_us = "
         "succeeded + timeout + unsent"});
    rows.push_back(
        {"littles_law_violated", CheckKind::kInvalid,
         "mean in flight x window is further than " + percent_text(limits::kLawShare) +
             " of it from the sum of service times, corrected for what crosses the window's ends; or a "
             "closed loop that kept its connections had less than " +
             percent_text(limits::kMinClosedLoopShare) +
             " of connections x pipeline in flight, the ends of slices apart"});
    rows.push_back({"slices_too_short", CheckKind::kInvalid,
                    "slices, closed loop: for over " + percent_text(limits::kMaxSettlingShare) +
                        " of the window's connections x pipeline nothing was sent, as a slice ended"});
    rows.push_back({"server_count_mismatch", CheckKind::kInvalid,
                    "the server's own count of requests is outside completed .. sent, over all phases; with "
                    "a background: of both"});
    rows.push_back({"background_short", CheckKind::kInvalid,
                    "under " + percent_text(limits::kMinHeldShare) +
                        " of a background's connections were held at some moment of the window; or it is not "
                        "idle and moved not a byte"});
    rows.push_back({"malformed_accepted", CheckKind::kWarning,
                    "a malformed request of the background noise was answered with 2xx"});
}

void add_load(Rows& rows) {
    rows.push_back(
        {"generator_saturated", CheckKind::kInvalid,
         "a load thread was busy for over " + percent_text(limits::kMaxBusyShare) + " of the window"});
    rows.push_back({"send_late", CheckKind::kEither,
                    "P99 of send_lateness_us (of fewer than " + number_text(sample_needs()[2].least) +
                        " requests P90 or P50 of both); invalid: over " +
                        number_text(limits::kInvalidLatenessUs) + " us and over " +
                        percent_text(limits::kInvalidLatenessShareOfP99) +
                        " of P99 of latency_us; warning: over " + number_text(limits::kLatenessUs) +
                        " us and over " + percent_text(limits::kLatenessShareOfP50) + " of its P50"});
    rows.push_back(
        {"offered_rate_missed", CheckKind::kEither,
         "open loop: under " + percent_text(limits::kMinSentShare) +
             " of what was due (sent + unsent) was sent; a warning if the scenario expects errors"});
    rows.push_back({"connections_exhausted", CheckKind::kWarning,
                    "open loop: over " + percent_text(limits::kMaxWaitedShare) +
                        " of what was due found no connection free"});
    rows.push_back({"verification_failed", CheckKind::kInvalid, "an answer held a wrong value"});
    rows.push_back({"nothing_answered", CheckKind::kInvalid, "no request of the window got an answer"});
    rows.push_back({"errors_high", CheckKind::kEither,
                    "invalid: over " + percent_text(limits::kMaxErrorShare) +
                        " of the requests failed, unless the scenario expects it; warning: any failed"});
    rows.push_back({"clock_unsound", CheckKind::kInvalid,
                    "the window by the wall or boot clock differs from that by the monotonic one by over " +
                        percent_text(limits::kMaxClockSkew) + " and over " +
                        number_text(limits::kClockReadsUs) + " us"});
    rows.push_back({"window_short", CheckKind::kInvalid,
                    "the window was under " + percent_text(limits::kMinWindowShare) + " of what was asked"});
    rows.push_back({"not_steady", CheckKind::kWarning,
                    "rate or p50 of the window's first and last third, in whole seconds, differ by over " +
                        percent_text(limits::kMaxChange) + "; of windows of 1.2 s and more"});
    rows.push_back({"too_few_samples", CheckKind::kWarning,
                    "fewer latencies than a percentile of the tables needs: " + enough_samples()});
    rows.push_back({"histogram_saturated", CheckKind::kWarning, "a latency was over one hour"});
}

void add_machine(Rows& rows) {
    rows.push_back({"listen_overflow", CheckKind::kWarning,
                    "the kernel dropped connections at a full accept queue (ListenOverflows)"});
    rows.push_back({"noisy_machine", CheckKind::kWarning,
                    "over " + percent_text(limits::kMaxStealRatio) +
                        " of CPU time was stolen, the load waited for its CPU for over " +
                        percent_text(limits::kMaxRunQueueWait) +
                        " of the window, its control group was throttled, or the harness did not run for " +
                        number_text(limits::kMaxTickGapS) + " s"});
    rows.push_back({"shared_cpus", CheckKind::kWarning, "server and load may run on the same core"});
    rows.push_back({"server_cpu_unknown", CheckKind::kWarning, "the server's CPU time could not be read"});
    rows.push_back({"server_killed", CheckKind::kWarning,
                    "the server did not end after SIGTERM and was killed, or left processes"});
    rows.push_back({"server_exit", CheckKind::kWarning,
                    "the server ended with an exit code other than 0 after SIGTERM"});
}

Rows make_checks() {
    Rows rows;
    add_ends(rows);
    add_laws(rows);
    add_load(rows);
    add_machine(rows);
    return rows;
}

} // namespace

std::span<const Check> checks() {
    static const Rows kRows = make_checks();
    return kRows;
}

std::string_view effect_of(CheckKind kind) {
    switch (kind) {
    case CheckKind::kInvalid: return "invalid";
    case CheckKind::kWarning: return "warning";
    case CheckKind::kEither: return "invalid or warning";
    }
    return "";
}

} // namespace kvduel::experiment
