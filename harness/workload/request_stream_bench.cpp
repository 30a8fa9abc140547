#include "harness/workload/request_stream.hpp"
#include "harness/workload/value.hpp"
#include "harness/workload/workloads.hpp"

#include <benchmark/benchmark.h>

#include <string>

namespace kvduel::workload {

/// What a request pays to learn its operation and key.
static void next_request(benchmark::State& state, const char* name) {
    const RequestStream stream(*find_workload(name), Seed(1), "window", 0, 1);
    std::uint64_t index = 0;
    for (auto _ : state) benchmark::DoNotOptimize(stream.at(index++));
}
BENCHMARK_CAPTURE(next_request, uniform, "get-uniform");
BENCHMARK_CAPTURE(next_request, zipfian, "get-zipfian");
BENCHMARK_CAPTURE(next_request, update_heavy, "update-heavy");

static void check_value(benchmark::State& state) {
    const ValueCodec codec(Seed(1), static_cast<std::size_t>(state.range(0)));
    std::string value(codec.length(), '\0');
    codec.write(value.data(), 7, 3);
    for (auto _ : state) benchmark::DoNotOptimize(codec.check(value, 7, 1, false));
}
BENCHMARK(check_value)->Arg(16)->Arg(64)->Arg(4'096)->Arg(1'048'576);

} // namespace kvduel::workload
