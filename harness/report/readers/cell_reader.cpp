#include "harness/report/readers/cell_reader.hpp"

#include "harness/load/check_plan.hpp"
#include "harness/report/json/suite_fields.hpp"
#include "harness/report/json/words.hpp"
#include "harness/report/json/workload_text.hpp"
#include "harness/report/readers/contender_reader.hpp"
#include "harness/report/text/nearest_name.hpp"
#include "harness/workload/keys.hpp"
#include "harness/workload/workloads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace kvduel::report {
namespace {

using experiment::Parameters;
using workload::Workload;

constexpr double kMixSlack = 1e-9;

void read_unsigned(Fields& fields, std::string_view key, unsigned& out, Range<std::uint64_t> range) {
    std::uint64_t number = 0;
    if (fields.read(key, Need::kOptional, number, range)) out = static_cast<unsigned>(number);
}

/// A rate and a share of a capacity are two ways to say the same: the one that stands nearer counts. A list
/// of shares is a sweep, which is expanded elsewhere.
void read_load_fraction(Fields& fields, Parameters& cell) {
    const bool has_rate = fields.find("rate_per_s", Need::kOptional) != nullptr;
    const Json* tree = fields.find("load_fraction", Need::kOptional);
    if (has_rate) cell.load_fraction.reset();
    if (tree == nullptr || tree->is_array()) return;
    double fraction = 0;
    if (!fields.read("load_fraction", Need::kOptional, fraction, {kLeastFraction, kMostFraction})) return;
    if (has_rate) fields.fault("load_fraction", "stands beside rate_per_s; allowed: one of them");
    cell.load_fraction = fraction;
    cell.rate_per_s.reset();
}

/// 0 takes a slice_s of the defaults back.
void read_slice(Fields& fields, Parameters& cell) {
    double slice_s = 0;
    if (!fields.read("slice_s", Need::kOptional, slice_s, {0, kMostSliceS})) return;
    cell.slice_s.reset();
    if (slice_s == 0) return;
    if (slice_s < kLeastSliceS)
        fields.fault("slice_s",
                     fmt::format("{} is too short: what a change of servers costs would be measured; "
                                 "allowed: {} to {}, or 0 for none",
                                 slice_s, kLeastSliceS, kMostSliceS));
    cell.slice_s = slice_s;
}

/// A search chooses its own rates: its loop is open, whatever the defaults say.
void read_search(Fields& fields, Parameters& cell) {
    const Json* tree = fields.find_object("search", Need::kOptional);
    if (tree == nullptr) return;
    Fields target(*tree, fields.at("search"), fields.faults());
    experiment::Search search;
    target.read("p99_us", Need::kRequired, search.p99_us, {kLeastTargetUs, kMostTargetUs});
    target.read("error_ratio", Need::kOptional, search.error_ratio, {0.0, 1.0});
    target.refuse_unknown();
    for (const char* key : {"loop", "rate_per_s", "load_fraction"})
        if (fields.find(key, Need::kOptional) != nullptr)
            fields.fault(key, "stands beside search, which chooses the rates of an open loop itself");
    cell.search = search;
    cell.loop = experiment::Loop::kOpen;
    cell.rate_per_s.reset();
    cell.load_fraction.reset();
}

void read_loop(Fields& fields, Parameters& cell) {
    const bool is_loop_given =
        fields.read_word<experiment::Loop>("loop", Need::kOptional, cell.loop, kLoopWords);
    if (is_loop_given &&
        cell.loop == experiment::Loop::kClosed) { // what a default said of an open one is void
        cell.rate_per_s.reset();
        cell.load_fraction.reset();
        cell.search.reset();
        cell.arrivals = Parameters{}.arrivals;
    }
    double rate = 0;
    if (fields.read("rate_per_s", Need::kOptional, rate, {workload::kLeastRate, workload::kMostRate}))
        cell.rate_per_s = rate;
    fields.read_word<workload::ArrivalKind>("arrivals", Need::kOptional, cell.arrivals, kArrivalsWords);
    read_load_fraction(fields, cell);
    read_search(fields, cell);
}

bool set_named_workload(Fields& fields, std::string_view key, Workload& out) {
    std::string name;
    if (!fields.read(key, Need::kOptional, name)) return false;
    const Workload* row = workload::find_workload(name);
    if (row == nullptr) {
        std::vector<std::string_view> names;
        for (const Workload& known : workload::workloads()) names.push_back(known.name);
        fields.fault(key,
                     fmt::format("{} is not a workload; allowed: {}", in_quotes(name), quoted_list(names)));
        return false;
    }
    out = *row;
    return true;
}

void read_mix(Fields& fields, workload::Mix& mix) {
    const Json* tree = fields.find_object("mix", Need::kOptional);
    if (tree == nullptr) return;
    Fields shares(*tree, fields.at("mix"), fields.faults());
    mix = {.get = 0, .post = 0};
    shares.read("get", Need::kOptional, mix.get, {0.0, 1.0});
    shares.read("post", Need::kOptional, mix.post, {0.0, 1.0});
    shares.refuse_unknown();
    if (std::abs(mix.get + mix.post - 1) > kMixSlack)
        fields.fault("mix",
                     fmt::format("the shares sum to {}; allowed: shares that sum to 1", mix.get + mix.post));
}

void read_own_workload(Fields& fields, Workload& workload) {
    set_named_workload(fields, "from", workload);
    workload.name = "custom";
    fields.read("keys", Need::kOptional, workload.keys, {1, workload::kMaxKeys});
    std::string distribution;
    if (fields.read("key_distribution", Need::kOptional, distribution)) {
        const auto parsed = parse_key_distribution(distribution);
        if (parsed) workload.key_distribution = *parsed;
        if (!parsed)
            fields.fault("key_distribution", fmt::format("{} is not a key distribution; allowed: {}",
                                                         in_quotes(distribution), kAllowedKeyDistributions));
    }
    std::uint64_t value_bytes = workload.value_bytes;
    if (fields.read("value_bytes", Need::kOptional, value_bytes, {0, load::kMaxValueBytes}))
        workload.value_bytes = value_bytes;
    read_mix(fields, workload.mix);
    std::string path;
    if (fields.read("path", Need::kOptional, path)) {
        workload.path = path;
        if (!path.starts_with('/')) fields.fault("path", "allowed: a path that starts with '/'");
    }
    fields.read("preload", Need::kOptional, workload.preload);
    fields.refuse_unknown();
}

void read_workload(Fields& fields, Workload& workload) {
    const Json* tree = fields.find("workload", Need::kOptional);
    if (tree == nullptr) return;
    if (tree->is_object()) {
        Fields own(*tree, fields.at("workload"), fields.faults());
        read_own_workload(own, workload);
    } else {
        set_named_workload(fields, "workload", workload);
    }
}

void read_background(Fields& fields, std::vector<load::Background>& background) {
    const Json* list = fields.find_array("background", Need::kOptional);
    if (list == nullptr) return;
    background.clear();
    if (list->size() > load::kMaxBackgrounds)
        fields.fault("background",
                     fmt::format("{} of them; allowed: at most {}", list->size(), load::kMaxBackgrounds));
    for (std::size_t i = 0; i < list->size(); ++i) {
        Fields one((*list)[i], fields.at("background").child(i), fields.faults());
        load::Background& added = background.emplace_back();
        one.read_word<load::BackgroundKind>("kind", Need::kRequired, added.kind, kBackgroundWords);
        std::uint64_t connections = 1;
        if (one.read("connections", Need::kRequired, connections, {1, load::kMaxConnections}))
            added.connections = static_cast<unsigned>(connections);
        one.refuse_unknown();
    }
}

void set_server_option(const std::string& name, const Json& value, const Place& place,
                       const ServerOptionNames& known, Faults& faults, experiment::ServerOptions& options) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
        const std::vector<std::string_view> names(known.begin(), known.end());
        const auto nearest = nearest_name(name, names);
        faults.add(place, "no contender has this option",
                   nearest ? fmt::format("did you mean \"{}\"?", *nearest)
                           : fmt::format("allowed: {}", quoted_list(names)));
    } else if (value.is_number_unsigned()) {
        options[name] = std::to_string(value.get<std::uint64_t>());
    } else if (value.is_string() && !value.get_ref<const std::string&>().empty()) {
        options[name] = value.get_ref<const std::string&>();
    } else {
        faults.add(place, fmt::format("{} is not allowed; allowed: an integer of at least 0, or a text",
                                      describe(value)));
    }
}

} // namespace

ServerOptionNames server_option_names(const std::vector<experiment::Contender>& own) {
    std::set<std::string> names;
    for (const auto* contenders : {&builtin_contenders(), &own})
        for (const auto& contender : *contenders)
            for (const auto& [name, flag] : contender.options) names.insert(name);
    return {names.begin(), names.end()};
}

void read_cell(Fields& fields, const ServerOptionNames& server_options, Parameters& cell) {
    read_unsigned(fields, "connections", cell.connections, {1, load::kMaxConnections});
    read_unsigned(fields, "threads", cell.threads, {1, load::kMaxThreads});
    read_loop(fields, cell);
    read_unsigned(fields, "pipeline", cell.pipeline, {1, load::kMaxPipeline});
    fields.read("requests_per_connection", Need::kOptional, cell.requests_per_connection);
    fields.read("duration_s", Need::kOptional, cell.duration_s, {0.001, 86'400});
    fields.read("warmup_s", Need::kOptional, cell.warmup_s, {0, 86'400});
    fields.read("timeout_s", Need::kOptional, cell.timeout_s, {0.001, 3'600});
    read_slice(fields, cell);
    std::uint64_t status = 0;
    if (fields.read("expect_status", Need::kOptional, status, {load::kLeastStatus, load::kMostStatus}))
        cell.expect_status = static_cast<int>(status);
    fields.read("errors_expected", Need::kOptional, cell.are_errors_expected);
    read_background(fields, cell.background);
    read_workload(fields, cell.workload);
    if (const Json* server = fields.find_object("server", Need::kOptional))
        for (const auto& [name, value] : server->items())
            set_server_option(name, value, fields.at("server").child(name), server_options, fields.faults(),
                              cell.server);
}

void check_loop(const Parameters& cell, const Place& place, Faults& faults) {
    const bool is_open = cell.loop == experiment::Loop::kOpen;
    if (cell.search) return;
    if (is_open && !cell.rate_per_s && !cell.load_fraction)
        faults.add(place.child("loop"), "\"open\" needs a rate_per_s or a load_fraction");
    else if (!is_open && cell.load_fraction)
        faults.add(place.child("load_fraction"), "belongs to the open loop; allowed with loop \"open\"");
    else if (cell.load_fraction.value_or(0) > 1 && !cell.are_errors_expected)
        faults.add(place.child("load_fraction"),
                   "beyond 1 the server must refuse or leave requests; allowed with errors_expected true");
    else if (!is_open && cell.rate_per_s)
        faults.add(place.child("rate_per_s"), "belongs to the open loop; allowed with loop \"open\"");
    else if (!is_open && cell.arrivals != Parameters{}.arrivals)
        faults.add(place.child("arrivals"), "belongs to the open loop; allowed with loop \"open\"");
}

void check_slices(const Parameters& cell, const Place& place, Faults& faults) {
    if (cell.slice_s && (cell.threads > 1 || !cell.background.empty() || cell.search))
        faults.add(place.child("slice_s"),
                   "slices are for one load thread, no background and no search; allowed here: 0");
}

void set_swept(const std::string& key, const Json& value, const Place& place,
               const ServerOptionNames& server_options, Faults& faults, Parameters& cell) {
    constexpr std::string_view kServer = "server.";
    if (key.starts_with(kServer)) {
        set_server_option(key.substr(kServer.size()), value, place, server_options, faults, cell.server);
        return;
    }
    // A value of a sweep is checked as if the scenario had that key alone; faults are named at the value's
    // place.
    constexpr std::string_view kWorkload = "workload.";
    Json alone = Json::object();
    if (key.starts_with(kWorkload))
        alone["workload"][key.substr(kWorkload.size())] = value;
    else
        alone[key] = value;
    Faults own;
    Fields fields(alone, {place.file, ""}, own);
    read_cell(fields, server_options, cell);
    fields.refuse_unknown();
    if (own.first()) faults.add(place, own.first()->what, own.first()->hint);
}

} // namespace kvduel::report
