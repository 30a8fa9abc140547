#include "harness/report/readers/scenario_reader.hpp"

#include "harness/experiment/judge/theory.hpp"
#include "harness/report/readers/builtin.hpp"
#include "harness/report/readers/contender_reader.hpp"
#include "harness/report/readers/refine_reader.hpp"
#include "harness/report/text/nearest_name.hpp"
#include "harness/report/text/text_pattern.hpp"
#include "harness/workload/workloads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace kvduel::report {
namespace {

using experiment::Parameters;
using experiment::Scenario;

/// A scenario's text as it was read: alone, or over another one.
struct Layer {
    Json tree;
    Place place;
};

std::vector<std::string_view> catalogue_names() {
    std::vector<std::string_view> names;
    for (const BuiltinFile& file : builtin_scenarios()) names.push_back(file.name);
    return names;
}

/// Absent with a fault at `place` if the catalogue has no such scenario.
std::optional<Layer> find_in_catalogue(const std::string& id, const Place& place, Faults& faults) {
    const auto files = builtin_scenarios();
    const auto file = std::ranges::find(files, id, &BuiltinFile::name);
    if (file != files.end())
        return Layer{parse_json(file->text, file->path, kHandWritten).value(), {std::string(file->path), ""}};
    const auto names = catalogue_names();
    const auto nearest = nearest_name(id, names);
    faults.add(place,
               fmt::format("{} is not a scenario of the catalogue; allowed: {}, or an object", in_quotes(id),
                           quoted_list(names)),
               nearest ? fmt::format("did you mean \"{}\"?", *nearest) : "");
    return std::nullopt;
}

/// The texts that make a scenario, the lowest first.
std::vector<Layer> layers_of(const Json& item, const Place& place, Faults& faults) {
    std::vector<Layer> layers;
    const bool is_id = item.is_string();
    const bool is_derived = item.is_object() && item.contains("from") && item["from"].is_string();
    if (is_id || is_derived) {
        const Json& id = is_id ? item : item["from"];
        auto base =
            find_in_catalogue(id.get_ref<const std::string&>(), is_id ? place : place.child("from"), faults);
        if (base) layers.push_back(*std::move(base));
    }
    if (!is_id) layers.push_back({item, place});
    return layers;
}

void read_texts(Fields& fields, bool is_derived, Scenario& scenario) {
    const bool is_given = fields.read("id", is_derived ? Need::kOptional : Need::kRequired, scenario.id);
    if (is_given && !matches(TextPattern::kId, scenario.id))
        fields.fault("id", fmt::format("{} is not allowed; allowed: {}", in_quotes(scenario.id),
                                       what_is_allowed(TextPattern::kId)));
    fields.read("title", Need::kOptional, scenario.title);
    fields.read("question", Need::kOptional, scenario.question);
    fields.read("varies", Need::kOptional, scenario.varies);
    fields.read("holds", Need::kOptional, scenario.holds);
    fields.read("expects", Need::kOptional, scenario.expects);
    if (!fields.read("theory", Need::kOptional, scenario.theory)) return;
    std::vector<std::string_view> names;
    for (const experiment::Theory& theory : experiment::theories()) names.push_back(theory.name);
    if (std::ranges::find(names, scenario.theory) == names.end())
        fields.fault("theory", fmt::format("{} is not a theory; allowed: {}", in_quotes(scenario.theory),
                                           quoted_list(names)));
}

/// Whether `tree` sets `key` ("connections", "server.threads") by a plain value.
bool sets(const Json& tree, std::string_view key) {
    const std::size_t dot = key.find('.');
    if (dot == std::string_view::npos) return tree.contains(key);
    const auto group = tree.find(key.substr(0, dot));
    return group != tree.end() && group->is_object() && group->contains(key.substr(dot + 1));
}

/// The sweep that holds: the uppermost, without the keys that a layer over it sets.
Layer sweep_of(const std::vector<Layer>& layers) {
    Layer sweep{Json::object(), {}};
    for (const Layer& layer : layers) {
        for (auto key = sweep.tree.begin(); key != sweep.tree.end();)
            key = sets(layer.tree, key.key()) ? sweep.tree.erase(key) : std::next(key);
        const auto own = layer.tree.find("sweep");
        if (own != layer.tree.end() && own->is_object()) sweep = {*own, layer.place.child("sweep")};
    }
    return sweep;
}

/// A list of load_fraction is a sweep over it: the uppermost, if no layer over it says the load otherwise.
Layer fractions_of(const std::vector<Layer>& layers) {
    Layer sweep{Json::object(), {}};
    for (const Layer& layer : layers) {
        for (const char* key : {"load_fraction", "rate_per_s", "loop", "search"})
            if (layer.tree.contains(key)) sweep.tree.erase("load_fraction");
        const auto own = layer.tree.find("load_fraction");
        if (own == layer.tree.end() || !own->is_array()) continue;
        sweep.tree["load_fraction"] = *own;
        sweep.place = layer.place;
    }
    return sweep;
}

/// Multiplies the cells by the values of one key.
void expand(const std::string& key, const Json& values, const Place& place, const ServerOptionNames& names,
            Faults& faults, Scenario& scenario) {
    if (!values.is_array() || values.empty() || values.size() * scenario.cells.size() > kMostCells)
        return faults.add(place,
                          fmt::format("allowed: a list of values, at most {} cells in all", kMostCells));
    scenario.swept.push_back(key);
    std::vector<Parameters> cells;
    for (const Parameters& cell : scenario.cells) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            cells.push_back(cell);
            set_swept(key, values[i], place.child(i), names, faults, cells.back());
        }
    }
    scenario.cells = std::move(cells);
}

/// Each key of the sweep, in the order of the names: JSON objects have none of their own.
void expand_sweep(const Layer& sweep, const ServerOptionNames& names, Faults& faults, Scenario& scenario) {
    for (const auto& [key, values] : sweep.tree.items())
        expand(key, values, sweep.place.child(key), names, faults, scenario);
}

/// Reads one layer over what `scenario` already is.
void read_layer(const Layer& layer, bool is_derived, const ServerOptionNames& names, Faults& faults,
                Scenario& scenario) {
    Fields fields(layer.tree, layer.place, faults);
    if (is_derived) fields.find("from", Need::kRequired);
    read_texts(fields, is_derived, scenario);
    read_refine(fields, scenario);
    read_cell(fields, names, scenario.cells.front());
    fields.find_object("sweep", Need::kOptional);
    fields.refuse_unknown();
}

Scenario read_layers(const std::vector<Layer>& layers, const Place& place, const ScenarioScope& scope,
                     Faults& faults) {
    Scenario scenario;
    scenario.cells = {scope.defaults};
    for (std::size_t i = 0; i < layers.size(); ++i)
        read_layer(layers[i], i > 0, scope.server_options, faults, scenario);
    if (scenario.title.empty()) scenario.title = scenario.id;
    expand_sweep(fractions_of(layers), scope.server_options, faults, scenario);
    expand_sweep(sweep_of(layers), scope.server_options, faults, scenario);
    for (const Parameters& cell : scenario.cells) {
        check_loop(cell, place, faults);
        check_slices(cell, place, faults);
    }
    check_refine(!layers.empty() && !layers.back().tree.contains("refine"), place, faults, scenario);
    return scenario;
}

} // namespace

Scenario read_scenario(const Json& item, const Place& place, const ScenarioScope& scope, Faults& faults) {
    return read_layers(layers_of(item, place, faults), place, scope, faults);
}

Result<Scenario> parse_scenario(std::string_view text, std::string_view file) {
    const Result<Json> tree = parse_json(text, file, kHandWritten);
    if (!tree) return tree.error();
    Parameters defaults;
    defaults.workload = workload::workloads().front();
    const ServerOptionNames options = server_option_names({});
    Faults faults;
    const Place root{std::string(file), ""};
    Scenario scenario = read_layers({{*tree, root}}, root, {defaults, options}, faults);
    const std::string_view name = file.substr(file.rfind('/') + 1);
    if (scenario.id + ".json" != name)
        faults.add(root.child("id"), fmt::format("{} is not the file's name", in_quotes(scenario.id)));
    if (faults.first()) return *faults.first();
    return scenario;
}

std::vector<Scenario> catalogue() {
    std::vector<Scenario> scenarios;
    for (const BuiltinFile& file : builtin_scenarios())
        scenarios.push_back(parse_scenario(file.text, file.path).value());
    return scenarios;
}

} // namespace kvduel::report
