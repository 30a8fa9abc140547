#include "harness/report/readers/tolerance_reader.hpp"

#include "harness/experiment/judge/summarise.hpp"
#include "harness/report/json/fields.hpp"
#include "harness/report/readers/builtin.hpp"
#include "harness/report/text/nearest_name.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kvduel::report {
namespace {

constexpr double kLeast = 0.001;
constexpr double kMost = 9.99;
constexpr double kMostFall = 0.99;

void check_metric(Fields& fields, const gate::Tolerance& row) {
    const auto table = experiment::metrics();
    const auto known = std::ranges::find(table, row.metric, &experiment::Metric::name);
    if (known == table.end()) {
        std::vector<std::string_view> names;
        for (const experiment::Metric& metric : table) names.push_back(metric.name);
        fields.fault("metric", fmt::format("{} is not a metric; allowed: {}", in_quotes(row.metric),
                                           fmt::join(names, ", ")));
    } else if (known->is_higher_better && row.share.value_or(0) > kMostFall) {
        fields.fault("worse",
                     fmt::format("{} cannot fall by so much; allowed: at most {}", row.metric, kMostFall));
    }
}

gate::Tolerance read_tolerance(const Json& tree, const Place& place, Faults& faults) {
    gate::Tolerance row;
    Fields fields(tree, place, faults);
    if (fields.read("metric", Need::kRequired, row.metric) &
        fields.read_nullable("worse", Need::kRequired, row.share, {kLeast, kMost}))
        check_metric(fields, row);
    fields.read("scenario", Need::kOptional, row.scenario);
    if (!row.share && row.scenario.empty())
        fields.fault("worse", "null means: not judged in this scenario; allowed without one: a number");
    fields.refuse_unknown();
    return row;
}

Result<gate::Tolerances> read_tolerances(const Result<Json>& tree, std::string_view file) {
    if (!tree) return tree.error();
    Faults faults;
    Fields fields(*tree, {std::string(file), ""}, faults);
    gate::Tolerances tolerances;
    const Json* list = fields.find_array("tolerances", Need::kRequired);
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        const Place place = fields.at("tolerances").child(i);
        gate::Tolerance row = read_tolerance((*list)[i], place, faults);
        if (std::ranges::any_of(tolerances.rows, [&](const gate::Tolerance& other) {
                return other.metric == row.metric && other.scenario == row.scenario;
            }))
            faults.add(place, fmt::format("a second row for {}; allowed: one", in_quotes(row.metric)));
        tolerances.rows.push_back(std::move(row));
    }
    if (list != nullptr && list->empty()) fields.fault("tolerances", "is empty; allowed: at least one row");
    fields.refuse_unknown();
    if (faults.first()) return *faults.first();
    return tolerances;
}

} // namespace

Result<gate::Tolerances> parse_tolerances(std::string_view text, std::string_view file) {
    return read_tolerances(parse_json(text, file, kHandWritten), file);
}

Result<gate::Tolerances> load_tolerances(const std::string& path) {
    if (!path.empty()) return read_tolerances(read_json_file(path, kHandWritten), path);
    return parse_tolerances(builtin_tolerances_file().text, builtin_tolerances_file().path);
}

} // namespace kvduel::report
