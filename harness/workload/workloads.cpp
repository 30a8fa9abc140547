#include "harness/workload/workloads.hpp"

#include <algorithm>
#include <vector>

namespace kvduel::workload {

namespace {

Workload row(std::string name, KeyDistribution keys, Mix mix) {
    Workload workload;
    workload.name = std::move(name);
    workload.key_distribution = keys;
    workload.mix = mix;
    return workload;
}

constexpr KeyDistribution kUniform{KeyDistribution::Kind::kUniform, 0.99};
constexpr KeyDistribution kZipfian{KeyDistribution::Kind::kZipfian, 0.99};

} // namespace

std::span<const Workload> workloads() {
    static const std::vector<Workload> table{
        row("get-zipfian", kZipfian, {.get = 1.00, .post = 0.00}),
        row("get-uniform", kUniform, {.get = 1.00, .post = 0.00}),
        row("read-mostly", kZipfian, {.get = 0.95, .post = 0.05}),
        row("update-heavy", kZipfian, {.get = 0.50, .post = 0.50}),
        row("write-only", kUniform, {.get = 0.00, .post = 1.00}),
    };
    return table;
}

const Workload* find_workload(std::string_view name) {
    const auto found = std::ranges::find(workloads(), name, &Workload::name);
    return found == workloads().end() ? nullptr : &*found;
}

std::string workload_names() {
    std::string names;
    for (const Workload& workload : workloads()) names += (names.empty() ? "" : ", ") + workload.name;
    return names;
}

} // namespace kvduel::workload
