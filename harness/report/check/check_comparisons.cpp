#include "harness/report/check/check_comparisons.hpp"

#include "harness/experiment/judge/compare.hpp"
#include "harness/report/json/rounding.hpp"
#include "harness/report/json/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace kvduel::report {
namespace {

using experiment::Comparison;

/// What a row must hold of itself.
void check_row_alone(const Comparison& row, const Place& place, Faults& faults) {
    const std::pair<const char*, std::optional<double>> ascending[] = {
        {"lower95", row.lower95},
        {"lower90", row.lower90},
        {"ratio_second_over_first", row.ratio_second_over_first},
        {"upper90", row.upper90},
        {"upper95", row.upper95}};
    for (std::size_t i = 1; i < std::size(ascending); ++i) {
        const auto& [name, figure] = ascending[i];
        const auto& [name_before, before] = ascending[i - 1];
        if (figure && before && *figure < *before * (1 - kSlack))
            faults.add(place.child(name), fmt::format("{} is under {} = {}", *figure, name_before, *before));
    }
    if (experiment::verdict_of(row) != row.verdict)
        faults.add(place.child("verdict"),
                   fmt::format("\"{}\", though its own numbers say \"{}\"",
                               word_for(row.verdict, kComparisonWords),
                               word_for(experiment::verdict_of(row), kComparisonWords)));
}

void check_row(const Comparison& stands, const Comparison& follows, const Place& place, Faults& faults) {
    if (std::tie(stands.scenario, stands.parameters, stands.metric, stands.first, stands.second) !=
        std::tie(follows.scenario, follows.parameters, follows.metric, follows.first, follows.second))
        return faults.add(place,
                          fmt::format("not the row of {} {} {}/{} that the trials give", follows.scenario,
                                      follows.metric, follows.second, follows.first));
    const std::tuple<const char*, std::optional<double>, std::optional<double>> figures[] = {
        {"n", stands.n, follows.n},
        {"pairs_lost", stands.pairs_lost, follows.pairs_lost},
        {"margin", stands.margin, follows.margin},
        {"ratio_second_over_first", stands.ratio_second_over_first, follows.ratio_second_over_first},
        {"lower95", stands.lower95, follows.lower95},
        {"upper95", stands.upper95, follows.upper95},
        {"lower90", stands.lower90, follows.lower90},
        {"upper90", stands.upper90, follows.upper90},
        {"p_adjusted", stands.p_adjusted, follows.p_adjusted},
        {"blocks_needed", stands.blocks_needed, follows.blocks_needed}};
    for (const auto& [name, in_report, from_trials] : figures)
        if (!are_close(in_report, from_trials))
            faults.add(place.child(name), fmt::format("{} is not that of the trials = {}", shown(in_report),
                                                      shown(from_trials)));
    if (stands.reasons != follows.reasons) faults.add(place.child("reasons"), "not what the trials give");
    if (stands.warnings != follows.warnings) faults.add(place.child("warnings"), "not what the trials give");
}

} // namespace

void check_comparisons(const experiment::RunReport& report, const Place& root, Faults& faults) {
    const Place place = root.child("comparisons");
    if (report.run.finished_at.empty()) {
        if (!report.comparisons.empty()) faults.add(place, "not empty, though the run has not finished");
        return;
    }
    const std::vector<Comparison> expected = experiment::compare(report.trials, report.contenders);
    if (report.comparisons.size() != expected.size())
        return faults.add(place, fmt::format("{} rows, though the trials give {}", report.comparisons.size(),
                                             expected.size()));
    for (std::size_t i = 0; i < expected.size(); ++i) {
        check_row_alone(report.comparisons[i], place.child(i), faults);
        check_row(report.comparisons[i], expected[i], place.child(i), faults);
    }
}

} // namespace kvduel::report
