#include "harness/report/readers/refine_reader.hpp"

#include "harness/experiment/plan/axis.hpp"
#include "harness/report/json/words.hpp"
#include "harness/report/text/nearest_name.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kvduel::report {
namespace {

using experiment::Parameters;
using experiment::Scenario;

std::string what_is_allowed(const Scenario& scenario) {
    std::vector<std::string_view> names;
    for (const auto& [word, axis] : kAxisWords)
        if (std::ranges::find(scenario.swept, word) != scenario.swept.end()) names.push_back(word);
    if (!names.empty()) return fmt::format("allowed: {}", quoted_list(names));
    for (const auto& [word, axis] : kAxisWords) names.push_back(word);
    return fmt::format("allowed: {}, where the scenario sweeps it", quoted_list(names));
}

/// The run finds the rate out: an inserted cell would have none.
bool finds_own_rate(const Parameters& cell) {
    return cell.load_fraction || cell.search;
}

} // namespace

void read_refine(Fields& fields, Scenario& scenario) {
    const Json* tree = fields.find("refine", Need::kOptional);
    if (tree == nullptr) return;
    scenario.refine.reset();
    if (tree->is_null()) return;
    if (!tree->is_object())
        return fields.fault("refine",
                            fmt::format("{} is not allowed; allowed: an object, null", describe(*tree)));
    Fields values(*tree, fields.at("refine"), fields.faults());
    values.read_word<experiment::Axis>("axis", Need::kRequired, scenario.refine.emplace().axis, kAxisWords);
    values.refuse_unknown();
}

void check_refine(bool is_inherited, const Place& place, Faults& faults, Scenario& scenario) {
    if (!scenario.refine) return;
    const experiment::Axis axis = scenario.refine->axis;
    const std::string_view word = word_for(axis, kAxisWords);
    if (std::ranges::find(scenario.swept, word) == scenario.swept.end()) {
        scenario.refine.reset();
        if (is_inherited) return;
        return faults.add(place.child("refine").child("axis"),
                          fmt::format("\"{}\" is not swept here; {}", word, what_is_allowed(scenario)));
    }
    if (std::ranges::any_of(scenario.cells, finds_own_rate)) {
        scenario.refine.reset();
        if (is_inherited) return;
        return faults.add(place.child("refine"),
                          "stands beside load_fraction or search; allowed: a closed loop, or an open one "
                          "with rate_per_s");
    }
    for (const Parameters& cell : scenario.cells) {
        if (!experiment::axis_value(cell, axis))
            return faults.add(place.child("refine").child("axis"),
                              fmt::format("\"{}\" cannot be halved; allowed: a sweep over whole numbers of "
                                          "at least 1",
                                          word));
    }
}

} // namespace kvduel::report
