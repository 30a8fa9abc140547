#include "core/store/table.hpp"

#include "core/store/stores_for_test.hpp"

#include <malloc.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <string>

namespace kvduel::store {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsSanitized = true; // their heaps keep red zones and quarantines, their RSS shadows
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kIsSanitized = true;
#else
constexpr bool kIsSanitized = false;
#endif
#else
constexpr bool kIsSanitized = false;
#endif

double resident_bytes() {
    ::malloc_trim(0); // what earlier tests freed must not hide what this one takes
    std::ifstream statm("/proc/self/statm");
    double total = 0;
    double resident = 0;
    statm >> total >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

} // namespace

TEST_CASE("memory counted is memory taken, within a third" * doctest::skip(kIsSanitized)) {
    struct Row {
        int keys;
        std::size_t value_bytes;
        std::string why;
    };
    for (const Row& row :
         {Row{210'000, 64, "one table nearly full"}, Row{220'000, 64, "one table just doubled"},
          Row{200'000, 0, "the entry alone"}, Row{50'000, 1'000, "the value dominates"}}) {
        CAPTURE(row.why);
        for_each_store({}, [&](Store& store) {
            const std::string value(row.value_bytes, 'v');
            const double before = resident_bytes();
            for (int i = 0; i < row.keys; ++i) put(store, "key:" + std::to_string(1'000'000 + i), value);
            const double taken = resident_bytes() - before;
            const double counted = static_cast<double>(store.usage().bytes);
            CAPTURE(taken / counted);
            CHECK(taken < counted * 4 / 3);
            CHECK(taken > counted * 2 / 3);
        });
    }
}

TEST_CASE("what many erased keys leave in the tables counts against the limit, until a table is empty" *
          doctest::skip(kIsSanitized)) {
    StoreOptions options;
    options.memory_limit_bytes = std::uint64_t{64} << 20;
    for_each_store(options, [&](Store& store) {
        const double before = resident_bytes();
        int keys = 0;
        while (put(store, "k" + std::to_string(keys), "v") != PutResult::kFull) ++keys;
        for (int i = 0; i < keys; ++i)
            if (i % 1'000 != 0) store.erase(store.key("k" + std::to_string(i)));
        CHECK(store.usage().bytes > options.memory_limit_bytes / 4);
        const std::string large(16'384, 'v');
        int values = 0;
        while (put(store, "large" + std::to_string(values), large) != PutResult::kFull) ++values;
        const double taken = resident_bytes() - before;
        CAPTURE(taken / static_cast<double>(options.memory_limit_bytes));
        CHECK(taken < static_cast<double>(options.memory_limit_bytes) * 4 / 3);
        for (int i = 0; i < keys; i += 1'000) store.erase(store.key("k" + std::to_string(i)));
        for (int i = 0; i < values; ++i) store.erase(store.key("large" + std::to_string(i)));
        CHECK(store.usage().keys == 0);
        CHECK(store.usage().bytes == 0);
    });
}

} // namespace kvduel::store
