#include "core/store/store.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

// What a store costs a request, and who waits for whom:
//   build/release/bin/core_store_bench --benchmark_filter=get --benchmark_repetitions=5
namespace kvduel::store {

namespace {

constexpr std::size_t kKeys = 100'000;
constexpr std::size_t kValueBytes = 64;

/// A filled store and its keys' names, made anew by the first thread of each run.
struct World {
    std::unique_ptr<Store> store;
    std::vector<std::string> names;
};
World world;

std::string name_of(std::size_t number) {
    return "key:" + std::to_string(number);
}

StoreOptions options_of(const benchmark::State& state) {
    StoreOptions options;
    options.memory_limit_bytes = std::uint64_t{8} << 30;
    options.threads = static_cast<unsigned>(state.threads());
    options.seed = HashSeed{42};
    return options;
}

void fill(const StoreKind& kind, const benchmark::State& state) {
    world.store = kind.make(options_of(state));
    world.names.clear();
    for (std::size_t i = 0; i < kKeys; ++i) {
        world.names.push_back(name_of(i));
        world.store->put(world.store->key(world.names.back()), make_value(std::string(kValueBytes, 'v')));
    }
}

/// Steps through the keys in an order of this thread's own, cheaper than what is measured.
class KeyWalk {
public:
    explicit KeyWalk(const benchmark::State& state)
        : at_(static_cast<std::size_t>(state.thread_index()) * 7'919) {}
    const std::string& next() {
        at_ = (at_ + 38'177) % kKeys; // prime to kKeys: every key comes once a round
        return world.names[at_];
    }

private:
    std::size_t at_;
};

void read(const std::string& name) {
    benchmark::DoNotOptimize(world.store->get(world.store->key(name)).bytes().data());
}

void write(const std::string& name) {
    static constexpr std::array<char, kValueBytes> kBytes{};
    world.store->put(world.store->key(name), make_value({kBytes.data(), kBytes.size()}));
}

/// `writes_in_100` of the operations replace a value, the others read one; all on one key if `is_hot`.
void run_mix(benchmark::State& state, const StoreKind& kind, int writes_in_100, bool is_hot) {
    if (state.thread_index() == 0) fill(kind, state); // the others wait at the loop's start
    KeyWalk walk(state);
    const std::string hot = name_of(0);
    int step = 0;
    for (auto _ : state) {
        const std::string& name = is_hot ? hot : walk.next();
        step = step == 99 ? 0 : step + 1;
        step < writes_in_100 ? write(name) : read(name);
    }
    state.SetItemsProcessed(state.iterations());
}

/// Loads keys into an empty store. The slowest put is the largest doubling of a table, under its lock.
void run_load(benchmark::State& state, const StoreKind& kind) {
    using Microseconds = std::chrono::duration<double, std::micro>;
    const auto keys = static_cast<std::size_t>(state.range(0));
    double slowest_us = 0;
    for (auto _ : state) {
        const std::unique_ptr<Store> store = kind.make(options_of(state));
        for (std::size_t i = 0; i < keys; ++i) {
            const std::string name = name_of(i);
            ValueRef value = make_value(name);
            const auto before = std::chrono::steady_clock::now();
            store->put(store->key(name), std::move(value));
            const Microseconds took = std::chrono::steady_clock::now() - before;
            slowest_us = std::max(slowest_us, took.count());
        }
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
    state.counters["slowest_put_us"] = slowest_us;
}

const bool registered = [] {
    struct Mix {
        const char* name;
        int writes_in_100;
        bool is_hot;
    };
    const int most_threads = static_cast<int>(2 * std::max(1U, std::thread::hardware_concurrency()));
    for (const StoreKind& kind : stores()) {
        const std::string store(kind.name);
        for (const Mix mix : {Mix{"get", 0, false}, Mix{"put", 100, false}, Mix{"mixed_95_5", 5, false},
                              Mix{"hot_get", 0, true}, Mix{"hot_mixed_95_5", 5, true}})
            benchmark::RegisterBenchmark((std::string(mix.name) + "/" + store).c_str(),
                                         [&kind, mix](benchmark::State& state) {
                                             run_mix(state, kind, mix.writes_in_100, mix.is_hot);
                                         })
                ->ThreadRange(1, most_threads)
                ->UseRealTime();
        benchmark::RegisterBenchmark(("load/" + store).c_str(),
                                     [&kind](benchmark::State& state) { run_load(state, kind); })
            ->Arg(1'000'000)
            ->Unit(benchmark::kMillisecond)
            ->Iterations(1);
    }
    return true;
}();

} // namespace

} // namespace kvduel::store
