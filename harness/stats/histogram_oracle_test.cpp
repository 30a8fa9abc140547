#include "harness/stats/histogram.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

// The histogram against the plain truth: the same values, sorted.

namespace kvduel::stats {

namespace {

using Values = std::vector<std::uint64_t>;
constexpr std::size_t kValues = 20'000;

Values drawn(const std::function<double(std::mt19937_64&)>& draw) {
    std::mt19937_64 random(7);
    Values values;
    for (std::size_t i = 0; i < kValues; ++i) {
        const double value = std::clamp(draw(random), 0.0, static_cast<double>(Histogram::kHighest));
        values.push_back(static_cast<std::uint64_t>(value));
    }
    return values;
}

/// The first, last and second value of every bucket, the first of the next: where an index is off by one.
Values bucket_edges() {
    Values values;
    for (std::size_t i = 0; i < Histogram::kCounters; i += 7) {
        const std::uint64_t lowest = Histogram::lowest_value_of(i);
        const std::uint64_t highest = Histogram::highest_value_of(i);
        for (const std::uint64_t value : {lowest, std::min(lowest + 1, highest), highest})
            if (value <= Histogram::kHighest) values.push_back(value);
    }
    return values;
}

struct Distribution {
    std::string name;
    Values values;
};

std::vector<Distribution> distributions() {
    std::uniform_real_distribution<double> unit(0, 1);
    std::exponential_distribution<double> exponential(1 / 300'000.0);
    std::lognormal_distribution<double> lognormal(11.0, 1.5);
    std::normal_distribution<double> normal(5e6, 1e5);
    std::vector<Distribution> all{
        {"one value", {123'457}},
        {"two values", {1, Histogram::kHighest}},
        {"constant", Values(kValues, 777'777)},
        {"zeros", Values(kValues, 0)},
        {"all highest", Values(kValues, Histogram::kHighest)},
        {"uniform below 2,048 ns", drawn([&](auto& r) { return 2'048 * unit(r); })},
        {"uniform to 1 ms", drawn([&](auto& r) { return 1e6 * unit(r); })},
        {"uniform to an hour", drawn([&](auto& r) { return 3.6e12 * unit(r); })},
        {"exponential", drawn([&](auto& r) { return exponential(r); })},
        {"lognormal", drawn([&](auto& r) { return lognormal(r); })},
        {"normal", drawn([&](auto& r) { return normal(r); })},
        {"bimodal, 1 % a thousand times slower", drawn([&](auto& r) { return unit(r) < 0.01 ? 1e8 : 1e5; })},
        {"Pareto, tail index 0.5", drawn([&](auto& r) { return 1e4 / std::pow(1 - unit(r), 2.0); })},
        {"Pareto, tail index 1.1", drawn([&](auto& r) { return 1e4 / std::pow(1 - unit(r), 1 / 1.1); })},
        {"all powers of two", {}},
        {"bucket edges", bucket_edges()},
    };
    for (int bit = 0; bit < 41; ++bit) all[14].values.push_back(std::uint64_t{1} << bit);
    return all;
}

Histogram histogram_of(const Values& values) {
    Histogram histogram;
    for (const std::uint64_t value : values) histogram.record(value);
    return histogram;
}

/// The value of rank max(1, ceil(q N)).
std::uint64_t ranked(const Values& sorted, double q) {
    const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(sorted.size())));
    return sorted[std::max<std::size_t>(rank, 1) - 1];
}

} // namespace

TEST_CASE("every quantile is the upper edge of the bucket of the value that holds its rank") {
    for (const Distribution& distribution : distributions()) {
        CAPTURE(distribution.name);
        const Histogram histogram = histogram_of(distribution.values);
        Values sorted = distribution.values;
        std::ranges::sort(sorted);
        for (const double q : {0.0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 0.9999, 1.0}) {
            CAPTURE(q);
            const std::uint64_t truth = ranked(sorted, q);
            const std::uint64_t read = histogram.quantile(q);
            CHECK(read == Histogram::highest_value_of(Histogram::index_of(truth)));
            CHECK(static_cast<double>(read - truth) <= static_cast<double>(truth) / 1'024); // 3 digits
        }
    }
}

TEST_CASE("count, minimum, maximum and mean are those of the values, whatever their distribution") {
    for (const Distribution& distribution : distributions()) {
        CAPTURE(distribution.name);
        const Histogram histogram = histogram_of(distribution.values);
        long double sum = 0;
        for (const std::uint64_t value : distribution.values) sum += static_cast<long double>(value);
        CHECK(histogram.count() == distribution.values.size());
        CHECK(histogram.min() == *std::ranges::min_element(distribution.values));
        CHECK(histogram.max() == *std::ranges::max_element(distribution.values));
        CHECK(histogram.mean() ==
              doctest::Approx(static_cast<double>(sum / static_cast<long double>(distribution.values.size())))
                  .epsilon(1e-12));
        CHECK(histogram.saturated() == 0);
    }
}

TEST_CASE("however the values are dealt to threads, the merged histogram is that of all of them") {
    for (const Distribution& distribution : distributions()) {
        CAPTURE(distribution.name);
        const Histogram whole = histogram_of(distribution.values);
        for (const std::size_t threads : {2U, 3U, 16U}) {
            std::vector<Histogram> parts(threads);
            std::mt19937_64 random(threads);
            for (const std::uint64_t value : distribution.values) parts[random() % threads].record(value);
            Histogram merged;
            for (const Histogram& part : parts) merged.merge(part);
            CHECK(merged.encode_v2_uncompressed() == whole.encode_v2_uncompressed());
            CHECK(merged.count() == whole.count());
            CHECK(merged.min() == whole.min());
            CHECK(merged.max() == whole.max());
            CHECK(merged.mean() == whole.mean());
        }
    }
}

} // namespace kvduel::stats
