#include "harness/workload/value.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace kvduel::workload {

namespace {

const Seed kSeed(42);

std::string make(const ValueCodec& codec, std::uint64_t key, std::uint64_t version) {
    std::string value(codec.length(), '\0');
    codec.write(value.data(), key, version);
    return value;
}

} // namespace

TEST_CASE("every length is made and recognised, in base64url letters") {
    for (const std::size_t length :
         std::initializer_list<std::size_t>{0, 1, 7, 8, 9, 15, 16, 17, 64, 4'096, 16'384, 16'385, 200'000}) {
        CAPTURE(length);
        const ValueCodec codec(kSeed, length);
        const std::string value = make(codec, 17, 99);
        CHECK(value.size() == length);
        CHECK(std::ranges::all_of(value, [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
                   c == '_';
        }));
        for (const bool whole : {false, true}) CHECK(codec.check(value, 17, 0, whole) == ValueCheck::kGood);
    }
}

TEST_CASE("another key's value is wrong") {
    for (const std::size_t length : std::initializer_list<std::size_t>{4, 12, 16, 64}) {
        const ValueCodec codec(kSeed, length);
        CHECK(codec.check(make(codec, 17, 1), 18, 0, true) == ValueCheck::kWrong);
    }
}

TEST_CASE("another trial's value, seed or length, is wrong") {
    const ValueCodec codec(kSeed, 64);
    CHECK(codec.check(make(ValueCodec(Seed(43), 64), 1, 1), 1, 0, true) == ValueCheck::kWrong);
    CHECK(codec.check(make(ValueCodec(kSeed, 65), 1, 1), 1, 0, true) == ValueCheck::kWrong);
    CHECK(codec.check(make(ValueCodec(kSeed, 65), 1, 1).substr(0, 64), 1, 0, true) == ValueCheck::kWrong);
}

TEST_CASE("a version below the floor is stale, at and above it good") {
    const ValueCodec codec(kSeed, 32);
    const std::string value = make(codec, 5, 10);
    CHECK(codec.check(value, 5, 9, true) == ValueCheck::kGood);
    CHECK(codec.check(value, 5, 10, true) == ValueCheck::kGood);
    CHECK(codec.check(value, 5, 11, true) == ValueCheck::kStale);
}

TEST_CASE("the largest version fits its letters") {
    const ValueCodec codec(kSeed, 16);
    const std::string value = make(codec, 1, ValueCodec::kMaxVersion);
    CHECK(value.substr(0, 8) == "________");
    CHECK(codec.check(value, 1, ValueCodec::kMaxVersion, true) == ValueCheck::kGood);
}

TEST_CASE("one changed byte anywhere is caught, and so is a value torn between two versions") {
    const ValueCodec codec(kSeed, 300);
    const std::string value = make(codec, 8, 3);
    for (std::size_t i = 0; i < value.size(); ++i) {
        std::string changed = value;
        changed[i] = changed[i] == 'x' ? 'y' : 'x';
        REQUIRE(codec.check(changed, 8, 0, true) != ValueCheck::kGood);
        const std::string torn = value.substr(0, i) + make(codec, 8, 4).substr(i);
        if (i > 0 && torn != value && torn != make(codec, 8, 4))
            REQUIRE(codec.check(torn, 8, 0, true) != ValueCheck::kGood);
    }
}

TEST_CASE("a cut, an empty and a longer value are wrong") {
    const ValueCodec codec(kSeed, 64);
    const std::string value = make(codec, 1, 0);
    CHECK(codec.check(value.substr(0, 63), 1, 0, true) == ValueCheck::kWrong);
    CHECK(codec.check("", 1, 0, true) == ValueCheck::kWrong);
    CHECK(codec.check(value + "A", 1, 0, true) == ValueCheck::kWrong);
}

TEST_CASE("letters outside base64url are wrong, wherever they stand, not read as zero") {
    const ValueCodec codec(kSeed, 64);
    const std::string value = make(codec, 1, 0); // version 0: eight times the letter for zero
    for (std::size_t i = 0; i < ValueCodec::kVersionLetters + ValueCodec::kHashLetters; ++i)
        for (int byte = 0; byte < 256; ++byte) {
            std::string changed = value;
            changed[i] = static_cast<char>(byte);
            if (changed != value) REQUIRE(codec.check(changed, 1, 0, true) == ValueCheck::kWrong);
        }
}

TEST_CASE("of a large value a light check sees both ends, a whole check the middle too") {
    const ValueCodec codec(kSeed, 100'000);
    const std::string value = make(codec, 1, 0);
    const auto with_change_at = [&](std::size_t at) {
        std::string changed = value;
        changed[at] = changed[at] == 'x' ? 'y' : 'x';
        return changed;
    };
    for (const std::size_t at : {20u, 8'000u, 92'000u, 99'999u})
        CHECK(codec.check(with_change_at(at), 1, 0, false) == ValueCheck::kWrong);
    CHECK(codec.check(with_change_at(50'000), 1, 0, false) == ValueCheck::kGood);
    CHECK(codec.check(with_change_at(50'000), 1, 0, true) == ValueCheck::kWrong);
}

} // namespace kvduel::workload
