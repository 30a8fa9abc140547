#include "harness/report/readers/between_runs_reader.hpp"

#include "harness/experiment/judge/summarise.hpp"
#include "harness/report/json/fields.hpp"
#include "harness/report/readers/builtin.hpp"
#include "harness/report/text/nearest_name.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kvduel::report {
namespace {

constexpr Range<double> kSd{0, 10};

gate::BetweenRuns::Row read_noise_row(const Json& tree, const Place& place, Faults& faults) {
    gate::BetweenRuns::Row row;
    Fields fields(tree, place, faults);
    const auto metrics = experiment::metrics();
    if (fields.read("metric", Need::kRequired, row.metric) &&
        std::ranges::find(metrics, row.metric, &experiment::Metric::name) == metrics.end())
        fields.fault("metric",
                     fmt::format("{} is not a metric; kvduel list metrics has them", in_quotes(row.metric)));
    fields.read("sd", Need::kRequired, row.sd, kSd);
    fields.refuse_unknown();
    return row;
}

} // namespace

Result<gate::BetweenRuns> load_between_runs(const std::string& path) {
    const BuiltinFile& builtin = builtin_between_runs_file();
    const std::string file = path.empty() ? std::string(builtin.path) : path;
    const Result<Json> tree =
        path.empty() ? parse_json(builtin.text, file, kHandWritten) : read_json_file(path, kHandWritten);
    if (!tree) return tree.error();
    Faults faults;
    Fields fields(*tree, {file, ""}, faults);
    gate::BetweenRuns noise;
    const Json* list = fields.find_array("between_runs", Need::kRequired);
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i)
        noise.rows.push_back(read_noise_row((*list)[i], fields.at("between_runs").child(i), faults));
    fields.refuse_unknown();
    if (faults.first()) return *faults.first();
    return noise;
}

} // namespace kvduel::report
