#include "harness/stats/histogram.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

namespace kvduel::stats {

namespace {

std::string hex(std::string_view bytes) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (const char byte : bytes) {
        out.push_back(kDigits[static_cast<unsigned char>(byte) >> 4]);
        out.push_back(kDigits[static_cast<unsigned char>(byte) & 15]);
    }
    return out;
}

std::string payload_of(const Histogram& histogram) {
    return hex(histogram.encode_v2_uncompressed().substr(40));
}

} // namespace

TEST_CASE("buckets tile the whole range: each index holds its own edges and touches the next") {
    for (std::size_t i = 0; i < Histogram::kCounters; ++i) {
        REQUIRE(Histogram::index_of(Histogram::lowest_value_of(i)) == i);
        REQUIRE(Histogram::index_of(Histogram::highest_value_of(i)) == i);
        if (i > 0) REQUIRE(Histogram::lowest_value_of(i) == Histogram::highest_value_of(i - 1) + 1);
    }
    CHECK(Histogram::index_of(1'000) == 1'000);
    CHECK(Histogram::index_of(5'000'000) == 13'508);
    CHECK(Histogram::kCounters == 33'792);
}

TEST_CASE("values below 2,048 ns are exact and larger ones within 0.1 %") {
    for (const std::uint64_t value : {0ull, 1ull, 2'047ull}) {
        Histogram histogram;
        histogram.record(value);
        CHECK(histogram.quantile(0.5) == value);
    }
    for (std::uint64_t value = 2'048; value < Histogram::kHighest; value = value * 5 / 3) {
        Histogram histogram;
        histogram.record(value);
        const std::uint64_t read = histogram.quantile(0.5);
        CHECK(read >= value);
        CHECK(static_cast<double>(read - value) <= 0.001 * static_cast<double>(value));
    }
}

TEST_CASE("a quantile is the highest value of the first bucket that reaches max(1, ceil(qN))") {
    Histogram histogram;
    for (std::uint64_t value = 1; value <= 1'000; ++value) histogram.record(value);
    struct Row {
        double q;
        std::uint64_t expected;
    };
    for (const Row& row : {Row{0.0, 1}, Row{0.001, 1}, Row{0.0011, 2}, Row{0.5, 500}, Row{0.9, 900},
                           Row{0.99, 990}, Row{0.999, 999}, Row{1.0, 1'000}})
        CHECK(histogram.quantile(row.q) == row.expected);
}

TEST_CASE("quantiles agree with sorted samples to within a bucket") {
    std::mt19937_64 random(7);
    std::lognormal_distribution<double> latency(11.0, 1.5);
    std::vector<std::uint64_t> samples;
    Histogram histogram;
    for (int i = 0; i < 20'000; ++i) {
        samples.push_back(static_cast<std::uint64_t>(latency(random)));
        histogram.record(samples.back());
    }
    std::ranges::sort(samples);
    for (const double q : {0.01, 0.5, 0.9, 0.99, 0.999}) {
        const auto rank = static_cast<std::size_t>(std::ceil(q * 20'000)) - 1;
        const std::size_t bucket = Histogram::index_of(samples[rank]);
        CHECK(histogram.quantile(q) == Histogram::highest_value_of(bucket));
    }
}

TEST_CASE("minimum, maximum and mean are raw values, not bucket edges") {
    Histogram histogram;
    for (const std::uint64_t value : {1'000'001ull, 1'000'002ull, 7'777'777ull}) histogram.record(value);
    CHECK(histogram.min() == 1'000'001);
    CHECK(histogram.max() == 7'777'777);
    CHECK(histogram.mean() == doctest::Approx((1'000'001.0 + 1'000'002.0 + 7'777'777.0) / 3));
}

TEST_CASE("the sum does not wrap at 64 bits") {
    Histogram histogram;
    for (int i = 0; i < 4; ++i) histogram.record(~std::uint64_t{0} / 2);
    CHECK(histogram.mean() == doctest::Approx(9.223372036854775807e18));
}

TEST_CASE("a value above the range is counted in the last bucket and as saturated") {
    Histogram histogram;
    histogram.record(Histogram::kHighest);
    CHECK(histogram.saturated() == 0);
    histogram.record(Histogram::kHighest + 1);
    CHECK(histogram.saturated() == 1);
    CHECK(histogram.counter(Histogram::kCounters - 1) == 1);
    CHECK(histogram.count() == 2);
    CHECK(histogram.max() == Histogram::kHighest + 1);
}

TEST_CASE("an empty histogram reads as zeros") {
    const Histogram histogram;
    CHECK(histogram.count() == 0);
    CHECK(histogram.quantile(0.99) == 0);
    CHECK(histogram.min() == 0);
    CHECK(histogram.mean() == 0.0);
    CHECK(payload_of(histogram).empty());
}

TEST_CASE("merging is the same as recording in one, in any order") {
    std::mt19937_64 random(11);
    Histogram parts[3];
    Histogram whole;
    for (int i = 0; i < 3'000; ++i) {
        const std::uint64_t value = random() >> (20 + random() % 40);
        parts[i % 3].record(value);
        whole.record(value);
    }
    Histogram left = parts[0];
    left.merge(parts[1]);
    left.merge(parts[2]);
    Histogram right = parts[2];
    right.merge(parts[1]);
    right.merge(parts[0]);
    for (const Histogram* merged : {&left, &right}) {
        CHECK(merged->encode_v2_uncompressed() == whole.encode_v2_uncompressed());
        CHECK(merged->mean() == whole.mean());
        CHECK(merged->min() == whole.min());
        CHECK(merged->max() == whole.max());
        CHECK(merged->saturated() == whole.saturated());
    }
}

TEST_CASE("a cleared histogram is as new, and a copy lives on") {
    Histogram histogram;
    histogram.reserve();
    histogram.record(5'000);
    const Histogram copy = histogram;
    histogram.clear();
    CHECK(histogram.count() == 0);
    CHECK(payload_of(histogram).empty());
    CHECK(copy.quantile(1.0) == Histogram::highest_value_of(Histogram::index_of(5'000)));
}

TEST_CASE("the V2 header and payload are the bytes of HdrHistogram") {
    Histogram histogram;
    histogram.record(1'000);
    histogram.record(1'000);
    histogram.record(5'000'000);
    CHECK(hex(histogram.encode_v2_uncompressed()) == "1c849313"         // cookie
                                                     "00000007"         // payload length
                                                     "00000000"         // normalizing index offset
                                                     "00000003"         // digits
                                                     "0000000000000001" // lowest
                                                     "0000034630b8a000" // highest, 3.6e12
                                                     "3ff0000000000000" // ratio
                                                     "cf0f"             // 1,000 zeros
                                                     "04"               // 2
                                                     "b5c301"           // 12,507 zeros
                                                     "02");             // 1
}

TEST_CASE("a count at index 0 needs no run of zeros, and one zero is a run of one") {
    Histogram histogram;
    histogram.record(0);
    CHECK(payload_of(histogram) == "02");
    histogram.record(2);
    CHECK(payload_of(histogram) == "020102");
}

TEST_CASE("a ninth byte of LEB128 carries 8 bits, not 7 as Protobuf's") {
    Histogram histogram;
    histogram.record(0, std::uint64_t{1} << 55); // ZigZag 2^56: eight bytes of 7 bits are full
    CHECK(payload_of(histogram) == "808080808080808001");
    histogram.clear();
    histogram.record(0, (std::uint64_t{1} << 63) - 1); // ZigZag 2^64 - 2: all 8 bits of the ninth
    CHECK(payload_of(histogram) == "feffffffffffffffff");
    histogram.clear();
    histogram.record(0, (std::uint64_t{1} << 55) - 1); // the last that fits eight bytes
    CHECK(payload_of(histogram) == "feffffffffffff7f");
}

TEST_CASE("recording a value many times at once reads as recording it one by one") {
    Histogram at_once;
    Histogram one_by_one;
    for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{70'000}, Histogram::kHighest + 1}) {
        at_once.record(value, 3);
        for (int i = 0; i < 3; ++i) one_by_one.record(value);
    }
    at_once.record(5, 0);
    CHECK(at_once.encode_v2_uncompressed() == one_by_one.encode_v2_uncompressed());
    CHECK(at_once.count() == one_by_one.count());
    CHECK(at_once.saturated() == one_by_one.saturated());
    CHECK(at_once.mean() == one_by_one.mean());
    CHECK(at_once.min() == one_by_one.min());
}

} // namespace kvduel::stats
