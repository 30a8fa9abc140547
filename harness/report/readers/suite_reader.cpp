#include "harness/report/readers/suite_reader.hpp"

#include "harness/report/readers/builtin.hpp"
#include "harness/report/readers/cell_reader.hpp"
#include "harness/report/readers/contender_reader.hpp"
#include "harness/report/readers/scenario_reader.hpp"
#include "harness/report/text/nearest_name.hpp"
#include "harness/report/text/text_pattern.hpp"
#include "harness/workload/workloads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unistd.h>

namespace kvduel::report {
namespace {

using experiment::Parameters;
using experiment::Suite;

void read_id(Fields& fields, std::string_view key, std::string& id) {
    if (fields.read(key, Need::kRequired, id) && !matches(TextPattern::kId, id))
        fields.fault(key, fmt::format("{} is not allowed; allowed: {}", in_quotes(id),
                                      what_is_allowed(TextPattern::kId)));
}

/// A list of ids; a contender of the suite's own stands in it as an object.
void read_contenders(Fields& fields, Suite& suite) {
    const Json* list = fields.find_array("contenders", Need::kRequired);
    if (list == nullptr) return;
    std::set<std::string> known;
    for (const auto& contender : builtin_contenders()) known.insert(contender.id);
    for (std::size_t i = 0; i < list->size(); ++i) {
        const Json& item = (*list)[i];
        const Place place = fields.at("contenders").child(i);
        std::string id;
        if (item.is_string()) {
            id = item.get_ref<const std::string&>();
            const std::vector<std::string_view> names(known.begin(), known.end());
            if (!known.contains(id))
                fields.faults().add(
                    place, fmt::format("{} is not a contender; allowed: {}, or an object that declares one",
                                       in_quotes(id), quoted_list(names)));
        } else {
            suite.own_contenders.push_back(read_contender(item, place, fields.faults()));
            id = suite.own_contenders.back().id;
            if (!known.insert(id).second)
                fields.faults().add(place, fmt::format("{} is the id of another contender", in_quotes(id)));
        }
        if (std::ranges::find(suite.contenders, id) != suite.contenders.end())
            fields.faults().add(place, fmt::format("{} appears twice", in_quotes(id)));
        suite.contenders.push_back(id);
    }
    if (list->empty()) fields.fault("contenders", "is empty; allowed: at least one contender");
}

void read_scenarios(Fields& fields, const Parameters& defaults, Suite& suite) {
    const Json* list = fields.find_array("scenarios", Need::kRequired);
    if (list == nullptr) return;
    if (list->empty()) fields.fault("scenarios", "is empty; allowed: at least one scenario");
    const ServerOptionNames names = server_option_names(suite.own_contenders);
    std::set<std::string> ids;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const Place place = fields.at("scenarios").child(i);
        suite.scenarios.push_back(read_scenario((*list)[i], place, {defaults, names}, fields.faults()));
        if (!ids.insert(suite.scenarios.back().id).second)
            fields.faults().add((*list)[i].is_object() && (*list)[i].contains("id") ? place.child("id")
                                                                                    : place,
                                fmt::format("{} appears twice", in_quotes(suite.scenarios.back().id)));
    }
}

Result<Suite> suite_from(const Json& tree, std::string_view file) {
    Faults faults;
    Fields fields(tree, {std::string(file), ""}, faults);
    Suite suite;
    read_id(fields, "suite", suite.id);
    suite.title = suite.id;
    fields.read("title", Need::kOptional, suite.title);
    std::uint64_t repetitions = suite.repetitions;
    if (fields.read("repetitions", Need::kOptional, repetitions, {1, 1'000}))
        suite.repetitions = static_cast<unsigned>(repetitions);
    read_contenders(fields, suite);
    Parameters defaults;
    defaults.workload = workload::workloads().front();
    if (const Json* tree_of_defaults = fields.find_object("defaults", Need::kOptional)) {
        Fields values(*tree_of_defaults, fields.at("defaults"), faults);
        read_cell(values, server_option_names(suite.own_contenders), defaults);
        if (const Json* fractions = values.find("load_fraction", Need::kOptional))
            if (fractions->is_array())
                values.fault("load_fraction", "allowed: a number; a list in a scenario");
        values.refuse_unknown();
    }
    read_scenarios(fields, defaults, suite);
    fields.refuse_unknown();
    if (faults.first()) return *faults.first();
    return suite;
}

} // namespace

Result<Suite> parse_suite(std::string_view text, std::string_view file) {
    const Result<Json> tree = parse_json(text, file, kHandWritten);
    return tree ? suite_from(*tree, file) : tree.error();
}

Result<Suite> load_suite(const std::string& name_or_path) {
    std::vector<std::string_view> names;
    for (const BuiltinFile& suite : builtin_suites()) {
        if (suite.name == name_or_path) return parse_suite(suite.text, suite.path);
        names.push_back(suite.name);
    }
    if (::access(name_or_path.c_str(), F_OK) != 0) {
        const auto nearest = nearest_name(name_or_path, names);
        return Error{ErrorKind::kBadInput, "",
                     fmt::format("{} is neither a built-in suite nor a file; suites: {}",
                                 in_quotes(name_or_path), quoted_list(names)),
                     nearest ? fmt::format("did you mean \"{}\"?", *nearest) : ""};
    }
    const Result<Json> tree = read_json_file(name_or_path, kHandWritten);
    return tree ? suite_from(*tree, name_or_path) : tree.error();
}

} // namespace kvduel::report
