#pragma once

#include "harness/experiment/report.hpp"
#include "harness/load/check_plan.hpp"
#include "harness/report/fields.hpp"
#include "harness/report/text_pattern.hpp"
#include "harness/report/words.hpp"

#include <cstdint>
#include <limits>

/// The fields of kvduel.report/1, once for writing and reading: `fields(archive, value)` names each field of
/// a value in the order of the file, with its type and range. results/schema/kvduel.report.1.schema.json says
/// the same; tests hold the two together.
namespace kvduel::report {

template <typename Archive, typename T>
using Ref = typename Archive::template Ref<T>;

inline constexpr double kAnyMeasure = std::numeric_limits<double>::max();
inline constexpr double kLeastFraction = 0.001; ///< of a load_fraction; beyond 1 it is an overload
inline constexpr double kMostFraction = 10.0;
inline constexpr double kLeastSliceS = 0.02;
inline constexpr double kMostSliceS = 60.0;
inline constexpr double kLeastTargetUs = 1.0; ///< of a search's P99
inline constexpr double kMostTargetUs = 3.6e9;
inline constexpr std::uint64_t kAnyOrdinal = std::numeric_limits<std::uint32_t>::max();

template <typename Archive, typename T>
void count(Archive& archive, const char* key, T& value) {
    archive.number(key, value, std::uint64_t{0}, kLargestExact);
}
template <typename Archive, typename T>
void ordinal(Archive& archive, const char* key, T& value) {
    archive.number(key, value, std::uint64_t{1}, kAnyOrdinal);
}
template <typename Archive, typename T>
void measure(Archive& archive, const char* key, T& value) {
    archive.number(key, value, 0.0, kAnyMeasure);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::Tool> tool) {
    archive.text("version", tool.version, TextPattern::kNotEmpty);
    archive.text("git_sha", tool.git_sha, TextPattern::kGitSha);
    archive.flag("dirty", tool.is_dirty);
    archive.text("build_type", tool.build_type);
    archive.text("compiler", tool.compiler);
    archive.text("flags", tool.flags);
    archive.text_or_null("sha256", tool.sha256, TextPattern::kSha256);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::Run> run) {
    archive.text("id", run.id, TextPattern::kNotEmpty);
    archive.text("started_at", run.started_at, TextPattern::kTime);
    archive.text_or_null("finished_at", run.finished_at, TextPattern::kTime);
    archive.texts("resumed_at", run.resumed_at);
    archive.wide("seed", run.seed);
    archive.texts("argv", run.argv);
    archive.flag("interrupted", run.is_interrupted);
    count(archive, "trials_planned", run.trials_planned);
    archive.texts("notes", run.notes);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::DoctorFinding> finding) {
    archive.text("check", finding.check, TextPattern::kCode);
    archive.word("verdict", finding.verdict, kFitnessWords);
    archive.readings("values", finding.values);
    archive.text("message", finding.message, TextPattern::kNotEmpty);
    archive.text_or_null("remedy", finding.remedy);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::Environment> machine) {
    archive.text("fingerprint", machine.fingerprint, TextPattern::kHex16);
    archive.text_or_null("cpu_model", machine.cpu_model);
    ordinal(archive, "cpus", machine.cpus);
    archive.text_or_null("kernel", machine.kernel);
    archive.text_or_null("os", machine.os);
    archive.text_or_null("virtualization", machine.virtualization);
    count(archive, "memory_bytes", machine.memory_bytes);
    archive.text_or_null("governor", machine.governor);
    archive.text_or_null("mitigations", machine.mitigations);
    archive.text_or_null("clocksource", machine.clocksource);
    archive.text_or_null("transparent_hugepage", machine.transparent_hugepage);
    measure(archive, "load_average_1m", machine.load_average_1m);
    measure(archive, "steal_ratio", machine.steal_ratio);
    measure(archive, "cpu_quota", machine.cpu_quota);
    archive.wide("descriptor_limit", machine.descriptor_limit);
    archive.cpus("server_cpus", machine.server_cpus);
    archive.cpus("load_cpus", machine.load_cpus);
    archive.list("doctor", machine.doctor);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, load::Target> target) {
    archive.text("host", target.host, TextPattern::kNotEmpty);
    archive.number("port", target.port, std::uint64_t{1}, std::uint64_t{65535});
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::Contender> contender) {
    archive.text("id", contender.id, TextPattern::kId);
    archive.text("title", contender.title);
    archive.text("model", contender.model);
    archive.texts("command", contender.command);
    archive.word("ready", contender.ready, kReadyWords);
    archive.text_map("options", contender.options);
    archive.texts("requires", contender.required_tools);
    archive.optional_object("target", contender.target);
    archive.text_or_null("executable", contender.executable);
    archive.text_or_null("sha256", contender.sha256, TextPattern::kSha256);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, workload::Mix> mix) {
    archive.number("get", mix.get, 0.0, 1.0);
    archive.number("post", mix.post, 0.0, 1.0);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, workload::Workload> workload) {
    archive.text("name", workload.name);
    archive.number("keys", workload.keys, std::uint64_t{1}, std::uint64_t{1'000'000'000});
    archive.key_distribution("key_distribution", workload.key_distribution);
    archive.number("value_bytes", workload.value_bytes, std::uint64_t{0}, std::uint64_t{1} << 30);
    archive.object("mix", workload.mix);
    archive.optional_text("path", workload.path);
    archive.flag("preload", workload.preload);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::Search> search) {
    archive.number("p99_us", search.p99_us, kLeastTargetUs, kMostTargetUs);
    archive.number("error_ratio", search.error_ratio, 0.0, 1.0);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, load::Background> background) {
    archive.word("kind", background.kind, kBackgroundWords);
    archive.number("connections", background.connections, std::uint64_t{1},
                   std::uint64_t{load::kMaxConnections});
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::Parameters> cell) {
    archive.number("connections", cell.connections, std::uint64_t{1}, std::uint64_t{1'000'000});
    archive.number("threads", cell.threads, std::uint64_t{1}, std::uint64_t{1024});
    archive.word("loop", cell.loop, kLoopWords);
    archive.number("rate_per_s", cell.rate_per_s, 0.001, kAnyMeasure);
    archive.number("load_fraction", cell.load_fraction, kLeastFraction, kMostFraction);
    archive.optional_object("search", cell.search);
    archive.word("arrivals", cell.arrivals, kArrivalsWords);
    archive.number("pipeline", cell.pipeline, std::uint64_t{1}, std::uint64_t{1024});
    count(archive, "requests_per_connection", cell.requests_per_connection);
    archive.number("duration_s", cell.duration_s, 0.001, 86'400.0);
    archive.number("warmup_s", cell.warmup_s, 0.0, 86'400.0);
    archive.number("timeout_s", cell.timeout_s, 0.001, 3'600.0);
    archive.number_if_any("slice_s", cell.slice_s, kLeastSliceS, kMostSliceS);
    archive.number("expect_status", cell.expect_status, std::uint64_t{0}, std::uint64_t{599});
    archive.flag("errors_expected", cell.are_errors_expected);
    archive.list("background", cell.background);
    archive.object("workload", cell.workload);
    archive.text_map("server", cell.server);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::Refine> refine) {
    archive.word("axis", refine.axis, kAxisWords);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::Scenario> scenario) {
    archive.text("id", scenario.id, TextPattern::kId);
    archive.text("title", scenario.title);
    archive.text("question", scenario.question);
    archive.text("varies", scenario.varies);
    archive.text("holds", scenario.holds);
    archive.text("expects", scenario.expects);
    archive.text_or_null("theory", scenario.theory, TextPattern::kId);
    archive.texts("swept", scenario.swept);
    archive.optional_object("refine", scenario.refine);
    count(archive, "inserted", scenario.inserted);
    archive.list("cells", scenario.cells);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::Suite> suite) {
    archive.text("suite", suite.id, TextPattern::kId);
    archive.text("title", suite.title);
    ordinal(archive, "repetitions", suite.repetitions);
    archive.texts("contenders", suite.contenders);
    archive.list("own_contenders", suite.own_contenders);
    archive.list("scenarios", suite.scenarios);
}

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

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::Capacity> capacity) {
    archive.text("scenario", capacity.scenario, TextPattern::kId);
    archive.text("contender", capacity.contender, TextPattern::kId);
    archive.object("parameters", capacity.parameters);
    archive.numbers("throughput_rps", capacity.throughput_rps);
    measure(archive, "median_rps", capacity.median_rps);
    count(archive, "invalid_trials", capacity.invalid_trials);
    archive.texts("invalid_codes", capacity.invalid_codes);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::SearchStep> step) {
    measure(archive, "rate_per_s", step.rate_per_s);
    measure(archive, "p99_us", step.p99_us);
    archive.number("error_ratio", step.error_ratio, 0.0, 1.0);
    archive.flag("passed", step.has_passed);
    archive.flag("valid", step.is_valid);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::SearchResult> search) {
    archive.text("scenario", search.scenario, TextPattern::kId);
    archive.text("contender", search.contender, TextPattern::kId);
    archive.object("parameters", search.parameters);
    measure(archive, "lower_rps", search.lower_rps);
    measure(archive, "upper_rps", search.upper_rps);
    archive.word("state", search.state, kSearchWords);
    archive.list("steps", search.steps);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::SummaryRow> row) {
    archive.text("scenario", row.scenario, TextPattern::kId);
    archive.text("contender", row.contender, TextPattern::kId);
    archive.object("parameters", row.parameters);
    archive.text("metric", row.metric, TextPattern::kNotEmpty);
    archive.text("unit", row.unit, TextPattern::kNotEmpty);
    count(archive, "n", row.n);
    measure(archive, "median", row.median);
    measure(archive, "min", row.min);
    measure(archive, "max", row.max);
    measure(archive, "lower95", row.lower95);
    measure(archive, "upper95", row.upper95);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::Comparison> comparison) {
    archive.text("scenario", comparison.scenario, TextPattern::kId);
    archive.object("parameters", comparison.parameters);
    archive.text("metric", comparison.metric, TextPattern::kNotEmpty);
    archive.text("first", comparison.first, TextPattern::kId);
    archive.text("second", comparison.second, TextPattern::kId);
    measure(archive, "ratio_second_over_first", comparison.ratio_second_over_first);
    measure(archive, "lower95", comparison.lower95);
    measure(archive, "upper95", comparison.upper95);
    measure(archive, "lower90", comparison.lower90);
    measure(archive, "upper90", comparison.upper90);
    archive.number("p_adjusted", comparison.p_adjusted, 0.0, 1.0);
    archive.number("margin", comparison.margin, 0.0, 1.0);
    count(archive, "n", comparison.n);
    count(archive, "pairs_lost", comparison.pairs_lost);
    archive.word("verdict", comparison.verdict, kComparisonWords);
    ordinal(archive, "blocks_needed", comparison.blocks_needed);
    archive.texts("reasons", comparison.reasons);
    archive.list("warnings", comparison.warnings);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::Crossing> crossing) {
    archive.text("scenario", crossing.scenario, TextPattern::kId);
    archive.object("parameters", crossing.parameters);
    archive.word("axis", crossing.axis, kAxisWords);
    archive.text("metric", crossing.metric, TextPattern::kNotEmpty);
    archive.text("first", crossing.first, TextPattern::kId);
    archive.text("second", crossing.second, TextPattern::kId);
    count(archive, "lower", crossing.lower);
    count(archive, "upper", crossing.upper);
    archive.word("lower_word", crossing.lower_word, kComparisonWords);
    archive.word("upper_word", crossing.upper_word, kComparisonWords);
    archive.word("stopped_by", crossing.stopped_by, kStripEndWords);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::Expectation> expectation) {
    archive.text("scenario", expectation.scenario, TextPattern::kId);
    archive.text("contender", expectation.contender, TextPattern::kId);
    archive.object("parameters", expectation.parameters);
    archive.text("metric", expectation.metric, TextPattern::kNotEmpty);
    measure(archive, "expected", expectation.expected);
    archive.text("formula", expectation.formula, TextPattern::kNotEmpty);
}

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::RunReport> report) {
    archive.object("tool", report.tool);
    archive.object("run", report.run);
    archive.object("environment", report.environment);
    archive.object("suite", report.suite);
    archive.list("contenders", report.contenders);
    archive.list("capacities", report.capacities);
    archive.list("searches", report.searches);
    archive.list("trials", report.trials);
    archive.list("summary", report.summary);
    archive.list("comparisons", report.comparisons);
    archive.list("crossings", report.crossings);
    archive.list("expectations", report.expectations);
}

} // namespace kvduel::report
