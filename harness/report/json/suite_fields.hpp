#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/load/check_plan.hpp"
#include "harness/report/json/field_kinds.hpp"
#include "harness/report/json/words.hpp"
#include "harness/report/text/text_pattern.hpp"
#include "harness/workload/keys.hpp"

/// The fields of a report that say what was asked for: suite, cells and contenders (report_fields.hpp).
namespace kvduel::report {

inline constexpr double kLeastFraction = 0.001; ///< of a load_fraction; beyond 1 it is an overload
inline constexpr double kMostFraction = 10.0;
inline constexpr double kLeastSliceS = 0.02;
inline constexpr double kMostSliceS = 60.0;
inline constexpr double kLeastTargetUs = 1.0; ///< of a search's P99
inline constexpr double kMostTargetUs = 3.6e9;

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
    archive.number("keys", workload.keys, std::uint64_t{1}, workload::kMaxKeys);
    archive.key_distribution("key_distribution", workload.key_distribution);
    archive.number("value_bytes", workload.value_bytes, std::uint64_t{0},
                   std::uint64_t{load::kMaxValueBytes});
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
    archive.number("connections", cell.connections, std::uint64_t{1}, std::uint64_t{load::kMaxConnections});
    archive.number("threads", cell.threads, std::uint64_t{1}, std::uint64_t{load::kMaxThreads});
    archive.word("loop", cell.loop, kLoopWords);
    archive.number("rate_per_s", cell.rate_per_s, 0.001, kAnyMeasure);
    archive.number("load_fraction", cell.load_fraction, kLeastFraction, kMostFraction);
    archive.optional_object("search", cell.search);
    archive.word("arrivals", cell.arrivals, kArrivalsWords);
    archive.number("pipeline", cell.pipeline, std::uint64_t{1}, std::uint64_t{load::kMaxPipeline});
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

} // namespace kvduel::report
