#include "core/store/store.hpp"

#include "core/store/snapshot_store.hpp"
#include "core/store/stores_for_test.hpp"

#include <cstdlib>
#include <limits>
#include <new>
#include <string>

// The link wraps the store's allocators (CMakeLists.txt), so that this file sees and may refuse each request.
namespace {

struct Heap {
    int requests = 0;
    int until_failure = std::numeric_limits<int>::max(); // requests that still succeed

    bool refuses() {
        ++requests;
        return until_failure-- <= 0;
    }
};
thread_local Heap* watched = nullptr;

/// Counts this thread's requests from here to the end of the scope; refuses all from number `failing_from`.
class WatchHeap {
public:
    explicit WatchHeap(int failing_from = std::numeric_limits<int>::max()) : heap_{0, failing_from} {
        watched = &heap_;
    }
    ~WatchHeap() { watched = nullptr; }
    WatchHeap(const WatchHeap&) = delete;
    WatchHeap& operator=(const WatchHeap&) = delete;
    int requests() const { return heap_.requests; }

private:
    Heap heap_;
};

} // namespace

extern "C" {
void* __real_malloc(std::size_t size);
void* __real_realloc(void* block, std::size_t size);
void* __real__Znwm(std::size_t size);

void* __wrap_malloc(std::size_t size) {
    return watched != nullptr && watched->refuses() ? nullptr : __real_malloc(size);
}

void* __wrap_realloc(void* block, std::size_t size) {
    return watched != nullptr && watched->refuses() ? nullptr : __real_realloc(block, size);
}

void* __wrap__Znwm(std::size_t size) {
    if (watched != nullptr && watched->refuses()) throw std::bad_alloc();
    return __real__Znwm(size);
}
}

namespace kvduel::store {

TEST_CASE("the watch sees what a value and a new key ask for") {
    for_each_store({}, [](Store& store) {
        const Key key = store.key("key");
        ValueRef value = make_value("value");
        WatchHeap heap;
        store.put(key, std::move(value));
        CHECK(heap.requests() >= 2); // the key's block and the table's first slots
    });
}

TEST_CASE("lookup, erase and a locked store's replacement allocate nothing") {
    for_each_store({}, [](Store& store) {
        const std::string name = "a key that is longer than any small-string buffer";
        put(store, name, "one");
        ValueRef two = make_value("two");
        int requests = 0;
        {
            WatchHeap heap;
            const ValueRef found = store.get(store.key(name));
            const ValueRef missing = store.get(store.key("missing"));
            store.put(store.key(name), std::move(two));
            store.usage();
            store.erase(store.key(name));
            requests = heap.requests();
        }
        CHECK(requests == (dynamic_cast<const SnapshotStore*>(&store) != nullptr ? 1 : 0)); // its new node
    });
}

TEST_CASE("a put that runs out of memory at any point changes nothing") {
    for_each_store({}, [](Store& store) {
        int failures = 0;
        for (int i = 0; i < 2'000; ++i) { // enough for each shard's table to grow under the failure
            const std::string name = "key number " + std::to_string(i);
            const Key key = store.key(name);
            const ValueRef value = make_value(name);
            const Usage before = store.usage();
            for (int failing_from = 0;; ++failing_from) {
                bool failed = false;
                {
                    WatchHeap heap(failing_from);
                    try {
                        store.put(key, value);
                    } catch (const std::bad_alloc&) {
                        failed = true;
                    }
                }
                if (!failed) break;
                ++failures;
                REQUIRE(store.usage().bytes == before.bytes);
                REQUIRE(store.usage().keys == before.keys);
                REQUIRE_FALSE(store.get(key));
            }
        }
        CHECK(failures > 2'000); // one a key, and one more a growth
        for (int i = 0; i < 2'000; ++i) {
            const std::string name = "key number " + std::to_string(i);
            REQUIRE(get(store, name) == name);
        }
    });
}

TEST_CASE("a builder that runs out of memory keeps its bytes") {
    ValueBuilder builder;
    builder.append("held");
    const std::string more(10'000, 'x');
    int thrown = 0;
    {
        WatchHeap heap(0);
        try {
            builder.append(more);
        } catch (const std::bad_alloc&) {
            ++thrown;
        }
        try {
            builder.reserve(20'000);
        } catch (const std::bad_alloc&) {
            ++thrown;
        }
    }
    CHECK(thrown == 2);
    CHECK(builder.bytes() == "held");
    CHECK(builder.finish().bytes() == "held");
}

} // namespace kvduel::store
