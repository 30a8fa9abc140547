#include "core/store/snapshot_store.hpp"

#include "core/store/sharded_store.hpp"
#include "core/store/stores_for_test.hpp"
#include "core/store/table.hpp"

#include <algorithm>
#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace kvduel::store {

namespace {

/// Takes every line: each search goes on from where the last one ended.
std::vector<Epochs::Section> take_all_lines(const SnapshotStore& store) {
    std::vector<Epochs::Section> taken;
    while (Epochs::Section section = store.read_section()) taken.push_back(std::move(section));
    return taken;
}

} // namespace

TEST_CASE("reads go on by lock when the readers' lines run out") {
    SnapshotStore store({});
    for (int i = 0; i < 1'000; ++i) put(store, "key " + std::to_string(i), "value");
    const std::vector<Epochs::Section> taken = take_all_lines(store);
    CHECK(taken.size() == shard_count(1));
    CHECK(get(store, "key 7") == "value");
    CHECK(get(store, "missing") == "(none)");
    CHECK(put(store, "key 7", "new") == PutResult::kReplaced);
    CHECK(get(store, "key 7") == "new");
}

TEST_CASE("a value that a stalled reader may see stays counted, and is freed after it") {
    SnapshotStore store({});
    put(store, "key", "12345");
    {
        const Epochs::Section stalled = store.read_section();
        put(store, "key", "1234567");
        CHECK(store.usage().bytes == 2 * (3 + kEntryOverheadBytes) + 5 + 7);
        store.erase(store.key("key"));
        CHECK(store.usage().keys == 0);
        CHECK(store.usage().bytes == 2 * (3 + kEntryOverheadBytes) + 5 + 7);
    }
    CHECK(store.usage().bytes == 0);
}

TEST_CASE("while a reader stalls, writers wait at the memory limit instead of passing it") {
    constexpr int kPuts = 1'000; // of 10 KB into 1 MB
    StoreOptions options;
    options.memory_limit_bytes = 1'000'000;
    SnapshotStore store(options);
    const std::string value(10'000, 'v');
    put(store, "key", value);
    std::optional<Epochs::Section> stalled(store.read_section());
    std::atomic<int> done{0};
    std::jthread writer([&] {
        for (; done < kPuts; ++done) put(store, "key", value);
    });
    const std::uint64_t cost = value.size() + 3 + kEntryOverheadBytes;
    std::uint64_t used = 0;
    while (done < kPuts && used + cost + options.memory_limit_bytes / 8 <= options.memory_limit_bytes) {
        used = store.usage().bytes;
        REQUIRE(used <= options.memory_limit_bytes);
        std::this_thread::yield();
    }
    CHECK(done < kPuts / 10);
    CHECK(store.get(store.key("key")).bytes() == value); // readers go on
    stalled.reset();
    writer.join();
    CHECK(done == kPuts);
    CHECK(store.usage().bytes == cost);
}

TEST_CASE("a full store's values are replaced by others of their size") {
    StoreOptions options;
    options.memory_limit_bytes = 1'000'000;
    SnapshotStore store(options);
    const std::string large(900'000, 'v');
    put(store, "key", large);
    for (int i = 0; i < 10; ++i) CHECK(put(store, "key", large) == PutResult::kReplaced);
    CHECK(put(store, "key", std::string(980'000, 'w')) == PutResult::kReplaced);
    CHECK(put(store, "key", std::string(1'000'000, 'w')) == PutResult::kFull);
    CHECK(put(store, "key", "small") == PutResult::kReplaced);
    CHECK(store.usage().bytes == 3 + 5 + kEntryOverheadBytes);
}

TEST_CASE("keys that come and go leave no marks that fill the tables") {
    SnapshotStore store({});
    for (int i = 0; i < 200'000; ++i) {
        put(store, std::to_string(i), "v");
        if (i >= 100) REQUIRE(store.erase(store.key(std::to_string(i - 100))));
    }
    CHECK(store.usage().keys == 100);
    for (int i = 199'900; i < 200'000; ++i) REQUIRE(get(store, std::to_string(i)) == "v");
}

TEST_CASE("readers find every key while tables double and neighbours come and go") {
    SnapshotStore store({});
    constexpr int kSteady = 200;
    for (int i = 0; i < kSteady; ++i) put(store, "steady " + std::to_string(i), std::to_string(i));
    std::atomic<bool> is_done{false};
    std::atomic<int> missed{0};
    {
        std::vector<std::jthread> readers;
        for (int reader = 0; reader < 2; ++reader)
            readers.emplace_back([&, reader] {
                for (int i = reader; !is_done; i = (i + 1) % kSteady)
                    if (get(store, "steady " + std::to_string(i)) != std::to_string(i)) ++missed;
            });
        for (int i = 0; i < 30'000; ++i) {
            put(store, "passing " + std::to_string(i), "x");
            if (i % 3 != 0) store.erase(store.key("passing " + std::to_string(i / 2)));
        }
        is_done = true;
    }
    CHECK(missed == 0);
}

TEST_CASE("threads that come and go leave nothing behind") {
    SnapshotStore store({});
    put(store, "key", "value");
    for (int round = 0; round < 50; ++round) {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] {
                get(store, "key");
                put(store, "key", "value");
            });
    }
    CHECK(store.usage().bytes == 8 + kEntryOverheadBytes);
    CHECK(take_all_lines(store).size() == shard_count(1));
}

} // namespace kvduel::store
