#include "core/store/store.hpp"

#include "core/store/stores_for_test.hpp"

#include <atomic>
#include <cstring>
#include <latch>
#include <string>
#include <thread>
#include <vector>

namespace kvduel::store {

namespace {

/// A value that vouches for itself: its version, then bytes and a length that follow from it.
std::string sealed(std::uint64_t version) {
    std::string value(sizeof version + version * 37 % 2'000, static_cast<char>(version * 31 + 7));
    std::memcpy(value.data(), &version, sizeof version);
    return value;
}

std::uint64_t version_of(std::string_view value) {
    std::uint64_t version = 0;
    if (value.size() >= sizeof version) std::memcpy(&version, value.data(), sizeof version);
    return version;
}

bool is_whole(std::string_view value) {
    return value == sealed(version_of(value));
}

/// Runs `body(thread)` on `threads` threads that start together.
template <typename Body>
void run_threads(unsigned threads, Body body) {
    std::latch start(threads);
    std::vector<std::jthread> running;
    for (unsigned thread = 0; thread < threads; ++thread)
        running.emplace_back([&start, &body, thread] {
            start.arrive_and_wait();
            body(thread);
        });
}

} // namespace

TEST_CASE("a value read while it is overwritten and erased is never torn") {
    for_each_store({}, [](Store& store) {
        std::atomic<int> torn{0};
        run_threads(4, [&](unsigned thread) {
            for (std::uint64_t step = 1; step <= 3'000; ++step) {
                const std::string name = "key " + std::to_string(step % 3);
                const Key key = store.key(name);
                if (thread < 2) {
                    store.put(key, make_value(sealed(step * 2 + thread)));
                    if (step % 50 == 0) store.erase(key);
                } else if (const ValueRef value = store.get(key); value && !is_whole(value.bytes())) {
                    torn.fetch_add(1);
                }
            }
        });
        CHECK(torn == 0);
    });
}

TEST_CASE("readers of a hot key never see time run backwards") {
    for_each_store({}, [](Store& store) {
        const Key hot = store.key("hot");
        store.put(hot, make_value(sealed(1)));
        std::atomic<int> backwards{0};
        run_threads(4, [&](unsigned thread) {
            std::uint64_t last = 0;
            for (std::uint64_t step = 2; step <= 5'000; ++step) {
                if (thread == 0) {
                    store.put(hot, make_value(sealed(step)));
                    continue;
                }
                const std::uint64_t seen = version_of(store.get(hot).bytes());
                if (seen < last) backwards.fetch_add(1);
                last = seen;
            }
        });
        CHECK(backwards == 0);
        CHECK(version_of(store.get(hot).bytes()) == 5'000);
    });
}

TEST_CASE("a reader that holds values while others write gets them whole and last frees them") {
    for_each_store({}, [](Store& store) {
        const Key key = store.key("page");
        store.put(key, make_value(sealed(1)));
        std::atomic<int> torn{0};
        run_threads(3, [&](unsigned thread) {
            std::vector<ValueRef> held(64);
            for (std::uint64_t step = 2; step <= 3'000; ++step) {
                if (thread == 0) {
                    store.put(key, make_value(sealed(step)));
                    continue;
                }
                ValueRef& place = held[step % held.size()];
                if (place && !is_whole(place.bytes())) torn.fetch_add(1);
                place = store.get(key);
            }
        });
        CHECK(torn == 0);
    });
}

TEST_CASE("of many threads that create and erase one key, each success is seen once") {
    for_each_store({}, [](Store& store) {
        std::atomic<int> created{0};
        std::atomic<int> erased{0};
        run_threads(4, [&](unsigned) {
            const Key key = store.key("contended");
            for (int step = 0; step < 2'000; ++step) {
                if (store.put(key, make_value("x")) == PutResult::kCreated) created.fetch_add(1);
                if (store.erase(key)) erased.fetch_add(1);
            }
        });
        CHECK(created == erased);
        CHECK(store.usage().keys == 0);
        CHECK(store.usage().bytes == 0);
    });
}

TEST_CASE("threads that fill, overfill and empty the store leave its account at zero") {
    StoreOptions options;
    options.memory_limit_bytes = 400'000;
    options.threads = 4;
    for_each_store(options, [](Store& store) {
        std::atomic<int> over{0};
        run_threads(4, [&](unsigned thread) {
            const std::string value(500, 'v');
            for (int round = 0; round < 3; ++round) {
                for (int i = 0; i < 400; ++i)
                    put(store, std::to_string(thread) + "/" + std::to_string(i), value);
                const Usage usage = store.usage();
                if (usage.bytes > usage.limit_bytes) over.fetch_add(1);
                for (int i = 0; i < 400; ++i)
                    store.erase(store.key(std::to_string(thread) + "/" + std::to_string(i)));
            }
        });
        CHECK(over == 0);
        CHECK(store.usage().bytes == 0);
        CHECK(put(store, "after", std::string(300'000, 'v')) == PutResult::kCreated);
    });
}

} // namespace kvduel::store
