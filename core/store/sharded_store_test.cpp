#include "core/store/sharded_store.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace kvduel::store {

TEST_CASE("shards are a power of two, at least 64 and four a thread, and bounded") {
    struct Row {
        unsigned threads;
        std::size_t shards;
    };
    for (const Row& row : {Row{0, 64}, Row{1, 64}, Row{16, 64}, Row{17, 128}, Row{100, 512}, Row{256, 1'024},
                           Row{4'000'000'000, 65'536}}) {
        CAPTURE(row.threads);
        CHECK(shard_count(row.threads) == row.shards);
    }
}

TEST_CASE("keys spread evenly over the shards") {
    constexpr std::size_t kShards = 64;
    constexpr int kKeys = 64'000;
    std::vector<int> keys(kShards);
    for (int i = 0; i < kKeys; ++i)
        ++keys[shard_index(make_key("key:" + std::to_string(i), {11}).hash, kShards)];
    // 1,000 expected a shard, sigma 31: the bounds are six sigma away, and the seed is fixed.
    for (const int count : keys) CHECK((count > 800 && count < 1'200));
}

TEST_CASE("the keys of one shard differ in the bits that its map places and tells apart by") {
    std::vector<bool> highest(256);
    std::vector<bool> lowest(256);
    for (int i = 0; i < 300'000; ++i) {
        const std::uint64_t hash = make_key("key:" + std::to_string(i), {11}).hash;
        if (shard_index(hash, 64) != 5) continue;
        highest[hash >> 56] = true;
        lowest[hash & 0xff] = true;
    }
    CHECK(std::vector<bool>(256, true) == highest);
    CHECK(std::vector<bool>(256, true) == lowest);
}

} // namespace kvduel::store
