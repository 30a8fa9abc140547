#include "servers/common/metrics.hpp"

#include <doctest/doctest.h>

namespace kvduel::servers {

TEST_CASE("every duration falls in the bucket whose upper bound is the first not below it") {
    std::uint64_t previous = 0;
    for (std::size_t at = 1; at < LatencyBuckets::kCount; ++at) {
        const std::uint64_t upper = LatencyBuckets::upper(at);
        REQUIRE(upper > previous);
        CHECK(LatencyBuckets::index(upper) == at);
        CHECK(LatencyBuckets::index(previous + 1) == at);
        previous = upper;
    }
    CHECK(LatencyBuckets::index(0) == 0);
    CHECK(LatencyBuckets::upper(LatencyBuckets::kCount - 1) == (std::uint64_t{1} << 40) - 1);
    CHECK(LatencyBuckets::index(~std::uint64_t{0}) == LatencyBuckets::kCount - 1);
}

TEST_CASE("shards add up, and threads beyond their number share them") {
    Metrics metrics(2);
    metrics.shard(0).answered(http::Status::kOk);
    metrics.shard(1).answered(http::Status::kOk);
    metrics.shard(2).answered(http::Status::kOk);
    CHECK(metrics.sum([](const MetricsShard& shard) { return shard.by_status[200].get(); }) == 3);
    CHECK(&metrics.shard(0) == &metrics.shard(2));
}

} // namespace kvduel::servers
