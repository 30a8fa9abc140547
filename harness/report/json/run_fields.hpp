#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/report/json/field_kinds.hpp"
#include "harness/report/json/words.hpp"
#include "harness/report/text/text_pattern.hpp"

/// The fields of a report that say who measured, when and on what (report_fields.hpp).
namespace kvduel::report {

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

} // namespace kvduel::report
