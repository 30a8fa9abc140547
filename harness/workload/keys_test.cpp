#include "harness/workload/keys.hpp"

#include <doctest/doctest.h>

#include <string>

namespace kvduel::workload {

TEST_CASE("a key is 16 bytes, its number in fixed width") {
    const auto text = [](std::uint64_t key) {
        const KeyText bytes = key_text(key);
        return std::string(bytes.begin(), bytes.end());
    };
    CHECK(text(0) == "key-000000000000");
    CHECK(text(123) == "key-000000000123");
    CHECK(text(90'807'060'504) == "key-090807060504");
    for (std::uint64_t key = 0; key < 100'000; ++key) {
        const std::string digits = std::to_string(key);
        REQUIRE(text(key) == "key-" + std::string(kKeyDigits - digits.size(), '0') + digits);
    }
    CHECK(text(kMaxKeys - 1) == "key-000099999999");
    CHECK(text(999'999'999'999) == "key-999999999999");
}

} // namespace kvduel::workload
