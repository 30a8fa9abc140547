#include "core/store/retired_nodes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <string>

namespace kvduel::store {

namespace {

SnapshotNodePtr node_of(std::size_t value_bytes) {
    return make_snapshot_node({"key", 1}, make_value(std::string(value_bytes, 'v')));
}

void push(SnapshotNodes& nodes, SnapshotNodePtr node) {
    const std::uint64_t cost = node->cost();
    nodes.push(std::move(node), cost);
}

SnapshotNodes add(RetiredNodes& retired, SnapshotNodePtr node, Epochs& epochs) {
    const std::uint64_t cost = node->cost();
    return retired.add(std::move(node), cost, epochs);
}

} // namespace

TEST_CASE("lists of nodes keep count and cost through splices, empty ones included") {
    SnapshotNodes all;
    all.splice({});
    for (std::size_t length : {3U, 0U, 1U}) {
        SnapshotNodes some;
        for (std::size_t i = 0; i < length; ++i) push(some, node_of(10));
        all.splice(std::move(some));
    }
    CHECK(all.size() == 4);
    CHECK(all.cost() == 4 * node_of(10)->cost());
}

TEST_CASE("without readers two batches are the most that stays retired") {
    Epochs epochs(2);
    RetiredNodes retired;
    std::size_t freed = 0;
    std::size_t most = 0;
    for (std::size_t added = 1; added <= 2'000; ++added) {
        freed += add(retired, node_of(0), epochs).size();
        most = std::max(most, added - freed);
    }
    CHECK(most <= 2 * RetiredNodes::kBatchNodes);
}

TEST_CASE("large values are freed by their bytes") {
    Epochs epochs(2);
    RetiredNodes retired;
    std::uint64_t held = 0;
    std::uint64_t most = 0;
    for (int i = 0; i < 100; ++i) {
        SnapshotNodePtr node = node_of(20'000);
        held += node->cost();
        held -= add(retired, std::move(node), epochs).cost();
        most = std::max(most, held);
    }
    CHECK(most <= 2 * (RetiredNodes::kBatchBytes + 20'200));
}

TEST_CASE("while a reader stalls nothing retired since is freed, and all of it soon after") {
    Epochs epochs(2);
    RetiredNodes retired;
    std::optional<Epochs::Section> stalled(epochs.try_enter());
    std::size_t freed = 0;
    for (int i = 0; i < 1'000; ++i) freed += add(retired, node_of(0), epochs).size();
    CHECK(freed == 0);
    stalled.reset();
    for (int i = 0; i < 128; ++i) freed += add(retired, node_of(0), epochs).size();
    CHECK(freed >= 1'000);
}

TEST_CASE("closing takes all that is retired, and its grace period begins then") {
    Epochs epochs(2);
    RetiredNodes retired;
    CHECK_FALSE(retired.close(epochs.now()));
    add(retired, node_of(0), epochs);
    CHECK(retired.close(epochs.now()));
    CHECK(epochs.try_advance());
    add(retired, node_of(0), epochs);
    CHECK(retired.close(epochs.now())); // the first waits with the second
    CHECK(epochs.try_advance());
    CHECK(retired.take_past(epochs.now()).size() == 0);
    CHECK(epochs.try_advance());
    CHECK(retired.take_past(epochs.now()).size() == 2);
    CHECK_FALSE(retired.close(epochs.now()));
}

} // namespace kvduel::store
