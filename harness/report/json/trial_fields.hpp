#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/report/json/field_kinds.hpp"
#include "harness/report/json/suite_fields.hpp"
#include "harness/report/json/words.hpp"
#include "harness/report/text/text_pattern.hpp"

/// The fields of a report that say what a trial measured (report_fields.hpp).
namespace kvduel::report {

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::Warning> warning) {
    archive.text("code", warning.code, TextPattern::kCode);
    archive.text("message", warning.message);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::PhaseTimes> phases) {
    measure(archive, "ready_s", phases.ready_s);
    measure(archive, "preload_s", phases.preload_s);
    measure(archive, "connect_s", phases.connect_s);
    measure(archive, "warmup_s", phases.warmup_s);
    measure(archive, "window_s", phases.window_s);
    measure(archive, "drain_s", phases.drain_s);
    measure(archive, "stop_s", phases.stop_s);
    measure(archive, "end_s", phases.end_s);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, load::Errors> errors) {
    count(archive, "connect", errors.connect);
    count(archive, "timeout", errors.timeout);
    count(archive, "reset", errors.reset);
    count(archive, "protocol", errors.protocol);
    count(archive, "status", errors.status);
    count(archive, "verification", errors.verification);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, load::Requests> requests) {
    count(archive, "sent", requests.sent);
    count(archive, "completed", requests.completed);
    count(archive, "succeeded", requests.succeeded);
    count(archive, "in_flight_at_end", requests.in_flight_at_end);
    count(archive, "unsent", requests.unsent);
    count(archive, "waited_for_connection", requests.waited_for_connection);
    archive.object("errors", requests.errors);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::TimeFigures> times) {
    count(archive, "count", times.count);
    measure(archive, "min", times.min_us);
    measure(archive, "mean", times.mean_us);
    measure(archive, "p50", times.p50_us);
    measure(archive, "p90", times.p90_us);
    measure(archive, "p99", times.p99_us);
    measure(archive, "p99_9", times.p99_9_us);
    measure(archive, "max", times.max_us);
    archive.text_map("absent", times.absent);
    archive.histogram("hdr", times.histogram);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::LatencySplit> split) {
    measure(archive, "before_send", split.before_send_us);
    measure(archive, "queue_wait", split.queue_wait_us);
    measure(archive, "handler", split.handler_us);
    measure(archive, "rest", split.rest_us);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::ServerTimeFigures> times) {
    count(archive, "count", times.count);
    measure(archive, "mean", times.mean_us);
    measure(archive, "p50", times.p50_us);
    measure(archive, "p90", times.p90_us);
    measure(archive, "p99", times.p99_us);
    measure(archive, "p99_9", times.p99_9_us);
    measure(archive, "max", times.max_us);
    archive.text_map("absent", times.absent);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::LatenessFigures> lateness) {
    measure(archive, "p50", lateness.p50_us);
    measure(archive, "p99", lateness.p99_us);
    measure(archive, "max", lateness.max_us);
    archive.text_map("absent", lateness.absent);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::IntervalFigures> interval) {
    measure(archive, "start_s", interval.start_s);
    measure(archive, "duration_s", interval.duration_s);
    count(archive, "completed", interval.completed);
    count(archive, "errors", interval.errors);
    measure(archive, "p50_us", interval.p50_us);
    measure(archive, "p99_us", interval.p99_us);
    archive.text_map("absent", interval.absent);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::ServerExit> exit) {
    archive.number("code", exit.code, std::uint64_t{0}, std::uint64_t{255});
    archive.number("signal", exit.signal, std::uint64_t{1}, std::uint64_t{64});
    archive.flag("killed", exit.was_killed);
    count(archive, "orphans", exit.orphans);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::ServerFigures> server) {
    archive.number("pid", server.pid, std::uint64_t{1}, std::uint64_t{2'147'483'647});
    measure(archive, "cpu_s", server.cpu_s);
    measure(archive, "cpu_user_s", server.cpu_user_s);
    measure(archive, "cpu_system_s", server.cpu_system_s);
    measure(archive, "cpu_us_per_request", server.cpu_us_per_request);
    count(archive, "rss_max_bytes", server.rss_max_bytes);
    count(archive, "rss_end_bytes", server.rss_end_bytes);
    count(archive, "threads_max", server.threads_max);
    count(archive, "context_switches_voluntary", server.context_switches_voluntary);
    count(archive, "context_switches_involuntary", server.context_switches_involuntary);
    measure(archive, "context_switches_per_request", server.context_switches_per_request);
    archive.optional_object("queue_wait_us", server.queue_wait);
    archive.optional_object("handler_us", server.handler);
    count(archive, "requests_counted", server.requests_counted);
    archive.object("exit", server.exit);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::GeneratorFigures> generator) {
    measure(archive, "cpu_us_per_request", generator.cpu_us_per_request);
    measure(archive, "cpu_utilization", generator.cpu_utilization);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::NetworkFigures> network) {
    count(archive, "bytes_sent", network.bytes_sent);
    count(archive, "bytes_received", network.bytes_received);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, load::BackgroundResult> result) {
    fields<Archive>(archive, result.background);
    count(archive, "held_min", result.held_min);
    count(archive, "opened", result.opened);
    count(archive, "closed_by_server", result.closed_by_server);
    count(archive, "connect_errors", result.connect_errors);
    count(archive, "timeouts", result.timeouts);
    count(archive, "resets", result.resets);
    count(archive, "protocol_errors", result.protocol_errors);
    count(archive, "requests_sent", result.requests_sent);
    archive.status_counts("answers", result.answers);
    count(archive, "bytes_sent", result.bytes_sent);
    count(archive, "bytes_received", result.bytes_received);
    measure(archive, "cpu_s", result.cpu_s);
    count(archive, "sent_all_phases", result.sent_all_phases);
    count(archive, "completed_all_phases", result.completed_all_phases);
    count(archive, "dropped_all_phases", result.dropped_all_phases);
    archive.text_or_null("first_error", result.first_error);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::TrialRecord> trial) {
    archive.text("scenario", trial.scenario, TextPattern::kId);
    archive.text("contender", trial.contender, TextPattern::kId);
    ordinal(archive, "repetition", trial.repetition);
    ordinal(archive, "block", trial.block);
    ordinal(archive, "order_in_block", trial.order_in_block);
    archive.object("parameters", trial.parameters);
    archive.texts("server_arguments", trial.server_arguments);
    archive.word("verdict", trial.verdict, kVerdictWords);
    archive.list("warnings", trial.warnings);
    archive.text("started_at", trial.started_at, TextPattern::kTime);
    archive.object("phases", trial.phases);
    measure(archive, "duration_s", trial.duration_s);
    archive.object("requests", trial.requests);
    count(archive, "sent_all_phases", trial.sent_all_phases);
    count(archive, "completed_all_phases", trial.completed_all_phases);
    count(archive, "connections_opened", trial.connections_opened);
    archive.text_or_null("request_digest", trial.request_digest, TextPattern::kHex16);
    archive.status_counts("status_counts", trial.status_counts);
    measure(archive, "offered_rps", trial.offered_rps);
    measure(archive, "throughput_rps", trial.throughput_rps);
    archive.object("latency_us", trial.latency);
    archive.object("service_time_us", trial.service_time);
    archive.optional_object("latency_split_us", trial.latency_split);
    archive.object("send_lateness_us", trial.send_lateness);
    archive.list("intervals", trial.intervals);
    archive.object("server", trial.server);
    archive.object("generator", trial.generator);
    archive.object("network", trial.network);
    archive.list("background", trial.background);
    archive.text_or_null("first_error", trial.first_error);
    archive.texts("stderr_tail", trial.stderr_tail);
}

} // namespace kvduel::report
