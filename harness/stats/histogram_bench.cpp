#include "harness/stats/histogram.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <random>

namespace kvduel::stats {

/// What a request pays for one record: latencies as a loaded server gives them, around 500 us.
static void record_latency(benchmark::State& state) {
    std::mt19937_64 random(1);
    std::lognormal_distribution<double> latency(13.0, 0.7);
    std::array<std::uint64_t, 4'096> values;
    for (auto& value : values) value = static_cast<std::uint64_t>(latency(random));
    Histogram histogram;
    histogram.reserve();
    std::size_t i = 0;
    for (auto _ : state) histogram.record(values[i++ % values.size()]);
    benchmark::DoNotOptimize(histogram.count());
}
BENCHMARK(record_latency);

static void read_p99(benchmark::State& state) {
    Histogram histogram;
    for (std::uint64_t i = 1; i < 100'000; ++i) histogram.record(i * 37);
    for (auto _ : state) benchmark::DoNotOptimize(histogram.quantile(0.99));
}
BENCHMARK(read_p99);

} // namespace kvduel::stats
