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

} // namespace kvduel::store
