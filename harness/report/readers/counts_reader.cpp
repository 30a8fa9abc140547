#include "harness/report/readers/counts_reader.hpp"

#include "harness/report/json/fields.hpp"
#include "harness/report/text/nearest_name.hpp"

#include <fmt/format.h>

namespace kvduel::report {
namespace {

constexpr std::string_view kCountsSchema = "kvduel.counts/1";
constexpr Range<double> kCounts{0, 1e15};

gate::Work read_work(const Json& tree, const Place& place, Faults& faults) {
    gate::Work work;
    Fields fields(tree, place, faults);
    fields.read_nullable("instructions", Need::kRequired, work.instructions, kCounts);
    fields.read_nullable("syscalls", Need::kRequired, work.syscalls, kCounts);
    fields.read_nullable("allocations", Need::kRequired, work.allocations, kCounts);
    fields.refuse_unknown();
    return work;
}

} // namespace

Result<gate::Counts> read_counts(const std::string& path) {
    const Result<Json> tree = read_json_file(path);
    if (!tree) return tree.error();
    Faults faults;
    Fields fields(*tree, {path, ""}, faults);
    std::string schema;
    if (fields.read("schema", Need::kRequired, schema) && schema != kCountsSchema)
        fields.fault("schema", fmt::format("is {}; allowed: \"{}\"", in_quotes(schema), kCountsSchema),
                     "count again with the scripts of this version");
    double requests = 0;
    fields.read("requests", Need::kRequired, requests, {1, 1e9});
    const Json* base = fields.find_object("base", Need::kRequired);
    const Json* head = fields.find_object("head", Need::kRequired);
    gate::Counts counts;
    if (const Json* shas = fields.find_object("git_sha", Need::kOptional)) {
        Fields sides(*shas, fields.at("git_sha"), faults);
        sides.read_nullable("base", Need::kRequired, counts.base_sha);
        sides.read_nullable("head", Need::kRequired, counts.head_sha);
        sides.refuse_unknown();
    }
    fields.refuse_unknown();
    for (auto server = base == nullptr ? Json::const_iterator() : base->begin();
         base != nullptr && head != nullptr && server != base->end(); ++server) {
        const auto other = head->find(server.key());
        if (other == head->end()) continue;
        counts.pairs.push_back({server.key(),
                                read_work(*server, fields.at("base").child(server.key()), faults),
                                read_work(*other, fields.at("head").child(server.key()), faults)});
    }
    if (faults.first()) return *faults.first();
    return counts;
}

} // namespace kvduel::report
