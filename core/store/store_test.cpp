#include "core/store/store.hpp"

#include "core/store/stores_for_test.hpp"
#include "core/store/table.hpp"

#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace kvduel::store {

TEST_CASE("the table of stores names what it holds and nothing else") {
    CHECK(store_names() == "mutex, sharded, snapshot");
    for (const StoreKind& kind : stores()) CHECK(find_store(kind.name) == &kind);
    CHECK(find_store("") == nullptr);
    CHECK(find_store("mutex, sharded") == nullptr);
}

TEST_CASE("a value is created, replaced and erased") {
    for_each_store({}, [](Store& store) {
        CHECK(get(store, "greeting") == "(none)");
        CHECK(put(store, "greeting", "hello") == PutResult::kCreated);
        CHECK(get(store, "greeting") == "hello");
        CHECK(put(store, "greeting", "hi") == PutResult::kReplaced);
        CHECK(get(store, "greeting") == "hi");
        CHECK(store.erase(store.key("greeting")));
        CHECK_FALSE(store.erase(store.key("greeting")));
        CHECK(get(store, "greeting") == "(none)");
    });
}

TEST_CASE("the store owns its keys: the caller's bytes may go") {
    for_each_store({}, [](Store& store) {
        std::string key = "a key that is longer than any small-string buffer";
        put(store, key, "held");
        const std::string copy = key;
        key.assign(key.size(), 'x');
        CHECK(get(store, copy) == "held");
        CHECK(get(store, key) == "(none)");
    });
}

TEST_CASE("an empty value and keys with any bytes are stored as they are") {
    for_each_store({}, [](Store& store) {
        put(store, "empty", "");
        put(store, std::string_view("a\0b", 3), "zero");
        put(store, "\xff\n/%", "odd");
        CHECK(get(store, "empty").empty());
        CHECK(get(store, std::string_view("a\0b", 3)) == "zero");
        CHECK(get(store, "a") == "(none)");
        CHECK(get(store, "\xff\n/%") == "odd");
    });
}

TEST_CASE("keys that share a hash stay apart") {
    for_each_store({}, [](Store& store) {
        constexpr std::uint64_t kHash = 0x1234'5678'9abc'def0;
        std::vector<std::string> names;
        for (int i = 0; i < 500; ++i) names.push_back("collision " + std::to_string(i));
        for (const std::string& name : names)
            REQUIRE(store.put({name, kHash}, make_value(name)) == PutResult::kCreated);
        for (std::size_t i = 0; i < names.size(); i += 2) REQUIRE(store.erase({names[i], kHash}));
        for (std::size_t i = 0; i < names.size(); ++i) {
            const ValueRef value = store.get({names[i], kHash});
            REQUIRE(static_cast<bool>(value) == (i % 2 == 1));
            if (value) REQUIRE(value.bytes() == names[i]);
        }
        CHECK(store.usage().keys == names.size() / 2);
    });
}

TEST_CASE("a slow reader keeps its version while it is replaced and erased") {
    for_each_store({}, [](Store& store) {
        put(store, "page", "version 1");
        const ValueRef held = store.get(store.key("page"));
        for (int i = 0; i < 1'000; ++i) put(store, "page", std::string(100, 'x'));
        CHECK(store.erase(store.key("page")));
        CHECK(held.bytes() == "version 1");
    });
}

TEST_CASE("two reads hold one copy") {
    for_each_store({}, [](Store& store) {
        put(store, "page", "shared");
        const Key key = store.key("page");
        CHECK(store.get(key).bytes().data() == store.get(key).bytes().data());
    });
}

TEST_CASE("usage follows every put and erase to the byte") {
    for_each_store({}, [](Store& store) {
        put(store, "key", "value");
        CHECK(store.usage().keys == 1);
        CHECK(store.usage().bytes == 8 + kEntryOverheadBytes);
        put(store, "key", "longer value");
        CHECK(store.usage().bytes == 15 + kEntryOverheadBytes);
        put(store, "key", "");
        CHECK(store.usage().bytes == 3 + kEntryOverheadBytes);
        store.erase(store.key("key"));
        CHECK(store.usage().keys == 0);
        CHECK(store.usage().bytes == 0);
        CHECK(store.usage().limit_bytes == StoreOptions{}.memory_limit_bytes);
    });
}

TEST_CASE("a full store refuses, keeps what stands, and takes again what an erase made room for") {
    StoreOptions options;
    options.memory_limit_bytes = 1'000'000;
    for_each_store(options, [](Store& store) {
        const std::string value(10'000, 'v');
        std::vector<std::string> kept;
        for (int i = 0;; ++i) {
            const std::string name = "key " + std::to_string(i);
            if (put(store, name, value) == PutResult::kFull) break;
            kept.push_back(name);
        }
        const Usage full = store.usage();
        CHECK(full.bytes <= full.limit_bytes);
        CHECK(full.bytes + full.limit_bytes / 8 + 11'000 > full.limit_bytes);
        CHECK(full.keys == kept.size());

        const std::string larger(500'000, 'w');
        CHECK(put(store, kept[0], larger) == PutResult::kFull);
        CHECK(get(store, kept[0]) == value);
        CHECK(put(store, kept[0], "small") == PutResult::kReplaced);
        CHECK(put(store, kept[0], value) == PutResult::kReplaced);

        CHECK(put(store, "another", value) == PutResult::kFull);
        CHECK(get(store, "another") == "(none)");
        for (const std::string& name : kept) REQUIRE(store.erase(store.key(name)));
        CHECK(put(store, "another", value) == PutResult::kCreated);
        CHECK(store.usage().keys == 1);
    });
}

TEST_CASE("the mutex store's limit is exact") {
    StoreOptions options;
    options.memory_limit_bytes = 100 + kEntryOverheadBytes;
    const std::unique_ptr<Store> store = find_store("mutex")->make(options);
    CHECK(put(*store, "key", std::string(98, 'x')) == PutResult::kFull);
    CHECK(put(*store, "key", std::string(97, 'x')) == PutResult::kCreated);
    CHECK(put(*store, "key", std::string(98, 'x')) == PutResult::kFull);
    CHECK(store->usage().bytes == options.memory_limit_bytes);
}

TEST_CASE("any run of operations agrees with std::map") {
    for_each_store({}, [](Store& store) {
        std::map<std::string, std::string> model;
        std::mt19937_64 random(7);
        for (int step = 0; step < 50'000; ++step) {
            const std::string name = "key " + std::to_string(random() % 3'000);
            switch (random() % 4) {
            case 0:
            case 1: {
                const std::string value(random() % 40, static_cast<char>('a' + random() % 26));
                const bool created = model.insert_or_assign(name, value).second;
                REQUIRE(put(store, name, value) == (created ? PutResult::kCreated : PutResult::kReplaced));
                break;
            }
            case 2: REQUIRE(store.erase(store.key(name)) == (model.erase(name) == 1)); break;
            case 3: {
                const auto found = model.find(name);
                REQUIRE(get(store, name) == (found != model.end() ? found->second : "(none)"));
                break;
            }
            }
        }
        CHECK(store.usage().keys == model.size());
    });
}

TEST_CASE("all stores answer one run of operations alike") {
    std::vector<std::unique_ptr<Store>> all;
    StoreOptions options;
    options.seed = HashSeed{9};
    for (const StoreKind& kind : stores()) all.push_back(kind.make(options));
    std::mt19937_64 random(11);
    for (int step = 0; step < 60'000; ++step) {
        CAPTURE(step);
        // Fewer keys than SpareSlots::kFree: more would leave spare slots, by how many tables there are.
        const std::uint64_t number = random() % 500;
        std::string name = "key " + std::to_string(number);
        if (random() % 8 == 0) name.append(300, 'k');
        const Key key = number < 50 ? Key{name, 42} : all[0]->key(name); // some collide
        const std::uint64_t action = random() % 8;
        const ValueRef value =
            make_value(std::string(random() % 100, static_cast<char>('a' + random() % 26)));
        const auto answer = [&](Store& store) -> std::string {
            if (action < 3) return std::to_string(static_cast<int>(store.put(key, value)));
            if (action < 5) return store.erase(key) ? "erased" : "not there";
            const ValueRef found = store.get(key);
            return found ? "found " + std::string(found.bytes()) : "none";
        };
        const std::string first = answer(*all[0]);
        for (std::size_t other = 1; other < all.size(); ++other) REQUIRE(answer(*all[other]) == first);
        if (step % 500 != 0) continue;
        for (const std::unique_ptr<Store>& store : all) {
            REQUIRE(store->usage().keys == all[0]->usage().keys);
            REQUIRE(store->usage().bytes == all[0]->usage().bytes);
        }
    }
}

} // namespace kvduel::store
