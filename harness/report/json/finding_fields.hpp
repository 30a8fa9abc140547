#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/report/json/field_kinds.hpp"
#include "harness/report/json/suite_fields.hpp"
#include "harness/report/json/words.hpp"
#include "harness/report/text/text_pattern.hpp"

/// The fields of a report that say what its trials amount to (report_fields.hpp).
namespace kvduel::report {

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

} // namespace kvduel::report
