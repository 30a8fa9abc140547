#include "harness/workload/workloads.hpp"

#include <doctest/doctest.h>

#include <set>

namespace kvduel::workload {

TEST_CASE("every workload is found by its name, has a mix that sums to 1, and no two share a name") {
    std::set<std::string> names;
    for (const Workload& workload : workloads()) {
        CHECK(find_workload(workload.name) == &workload);
        CHECK(workload.mix.get + workload.mix.post == doctest::Approx(1.0));
        CHECK(workload.keys >= 1);
        names.insert(workload.name);
    }
    CHECK(names.size() == workloads().size());
}

TEST_CASE("an unknown workload is none, and the list of names tells what there is") {
    CHECK(find_workload("get") == nullptr);
    CHECK(find_workload("") == nullptr);
    CHECK(workload_names().starts_with("get-zipfian, get-uniform, read-mostly, update-heavy"));
}

TEST_CASE("the scenarios' mixes are the documented ones") {
    CHECK(find_workload("read-mostly")->mix == Mix{.get = 0.95, .post = 0.05});
    CHECK(find_workload("update-heavy")->mix == Mix{.get = 0.5, .post = 0.5});
    CHECK(find_workload("get-uniform")->key_distribution.kind == KeyDistribution::Kind::kUniform);
}

} // namespace kvduel::workload
