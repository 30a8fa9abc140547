#include "core/store/linearizability_for_test.hpp"

#include "core/store/every_order_for_test.hpp"
#include "core/store/stores_for_test.hpp"

#include <array>
#include <atomic>
#include <cstring>
#include <latch>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace kvduel::store {

namespace {

using History = std::vector<RegisterOperation>;

/// What the checker's answer must be, by the definition.
bool some_order_is_right(const History& history) {
    return some_order_explains(history, std::uint64_t{0},
                               [](const RegisterOperation& operation, std::uint64_t& version) {
                                   if (!operation.is_write && operation.version != version) return false;
                                   version = operation.version;
                                   return true;
                               });
}

/// Up to seven operations at random moments, each version written once and read by whom it may.
History random_history(std::mt19937_64& random) {
    const std::size_t size = 2 + random() % 6;
    std::vector<std::int64_t> moments(2 * size);
    for (std::size_t i = 0; i < moments.size(); ++i) moments[i] = static_cast<std::int64_t>(i);
    // Near neighbours change places, so that intervals overlap a few others and not all.
    for (std::size_t i = 0; i + 1 < moments.size(); ++i)
        std::swap(moments[i], moments[std::min(i + random() % 6, moments.size() - 1)]);
    History history;
    std::uint64_t written = 0;
    for (std::size_t i = 0; i < size; ++i) {
        const auto [start, end] = std::minmax(moments[2 * i], moments[2 * i + 1]);
        const bool is_write = random() % 2 == 0;
        history.push_back({start, end, is_write, is_write ? ++written : 0});
    }
    for (RegisterOperation& operation : history)
        if (!operation.is_write) operation.version = random() % (written + 1);
    return history;
}

/// Threads that get and put a few keys as the seed says, on a clock that ticks at each end of each operation.
class Recorder {
public:
    static constexpr std::size_t kKeys = 3;
    static constexpr unsigned kThreads = 4;
    static constexpr int kSteps = 2'000;

    Recorder(Store& store, std::uint64_t seed) : store_(store), seed_(seed) {}

    std::array<History, kKeys> run() {
        std::array<std::array<History, kKeys>, kThreads> parts;
        std::latch start(kThreads);
        {
            std::vector<std::jthread> threads;
            for (unsigned thread = 0; thread < kThreads; ++thread)
                threads.emplace_back([&, thread] {
                    start.arrive_and_wait();
                    act(thread, parts[thread]);
                });
        }
        std::array<History, kKeys> whole;
        for (auto& part : parts)
            for (std::size_t key = 0; key < kKeys; ++key)
                whole[key].insert(whole[key].end(), part[key].begin(), part[key].end());
        return whole;
    }

    int created() const { return created_; }

private:
    void act(unsigned thread, std::array<History, kKeys>& histories) {
        std::mt19937_64 random(seed_ * kThreads + thread);
        for (int step = 1; step <= kSteps; ++step) {
            const std::size_t number = random() % kKeys;
            const std::string name = "register " + std::to_string(number);
            const bool is_write = random() % 2 == 0;
            RegisterOperation operation{0, 0, is_write, static_cast<std::uint64_t>(step) * kThreads + thread};
            if (is_write)
                write(name, operation);
            else
                read(name, operation);
            histories[number].push_back(operation);
            // Other keys make tables grow and marks appear below the registers.
            if (step % 4 == 0) put(store_, std::to_string(thread) + "/" + std::to_string(step), "x");
            if (step % 8 == 0)
                store_.erase(store_.key(std::to_string(thread) + "/" + std::to_string(step - 4)));
            if (random() % 16 == 0) std::this_thread::yield();
        }
    }

    void write(const std::string& name, RegisterOperation& operation) {
        const Key key = store_.key(name);
        const auto* version = reinterpret_cast<const char*>(&operation.version);
        ValueRef value = make_value({version, sizeof operation.version});
        operation.start = clock_.fetch_add(1);
        const PutResult result = store_.put(key, std::move(value));
        operation.end = clock_.fetch_add(1);
        if (result == PutResult::kCreated) ++created_;
    }

    void read(const std::string& name, RegisterOperation& operation) {
        const Key key = store_.key(name);
        operation.start = clock_.fetch_add(1);
        const ValueRef value = store_.get(key);
        operation.end = clock_.fetch_add(1);
        operation.version = 0;
        if (value) std::memcpy(&operation.version, value.bytes().data(), sizeof operation.version);
    }

    Store& store_;
    const std::uint64_t seed_;
    std::atomic<std::int64_t> clock_{0};
    std::atomic<int> created_{0};
};

} // namespace

TEST_CASE("the checker knows a stale read, a read too early and a read that goes back") {
    struct Row {
        std::string why;
        bool is_linearizable;
        History history;
    };
    const std::vector<Row> rows{
        {"nothing happened", true, {}},
        {"a read of what was written", true, {{0, 1, true, 1}, {2, 3, false, 1}}},
        {"a stale read", false, {{0, 1, true, 1}, {2, 3, false, 0}}},
        {"a read that overlaps its write may see it or not",
         true,
         {{0, 5, true, 1}, {1, 2, false, 0}, {3, 4, false, 1}}},
        {"... but not back", false, {{0, 5, true, 1}, {1, 2, false, 1}, {3, 4, false, 0}}},
        {"a read before its write", false, {{0, 1, false, 1}, {2, 3, true, 1}}},
        {"a version that nobody wrote", false, {{0, 1, false, 9}}},
        {"an overwritten version", false, {{0, 1, true, 1}, {2, 3, true, 2}, {4, 5, false, 1}}},
        {"writes that overlap, seen in one order",
         true,
         {{0, 4, true, 1}, {1, 5, true, 2}, {6, 7, false, 1}}},
        {"... and in two", false, {{0, 4, true, 1}, {1, 5, true, 2}, {6, 7, false, 1}, {8, 9, false, 2}}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        CHECK(linearizability_violation(row.history).empty() == row.is_linearizable);
    }
}

TEST_CASE("the checker agrees with a trial of every order on 20,000 small histories") {
    std::mt19937_64 random(20'251);
    int linearizable = 0;
    for (int i = 0; i < 20'000; ++i) {
        CAPTURE(i);
        const History history = random_history(random);
        const bool expected = some_order_is_right(history);
        REQUIRE(linearizability_violation(history).empty() == expected);
        linearizable += expected ? 1 : 0;
    }
    CHECK(linearizable > 1'000); // both answers are tried
    CHECK(linearizable < 19'000);
}

TEST_CASE("every store is linearizable for each key, as recorded histories show") {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        CAPTURE(seed);
        for_each_store({}, [&](Store& store) {
            Recorder recorder(store, seed);
            for (const History& history : recorder.run()) {
                REQUIRE(history.size() > Recorder::kSteps);
                CHECK(linearizability_violation(history) == "");
            }
            CHECK(recorder.created() == Recorder::kKeys);
        });
    }
}

} // namespace kvduel::store
