#include "core/store/value.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <new>
#include <string>

namespace kvduel::store {

TEST_CASE("nothing and a value of zero bytes are different things") {
    const ValueRef nothing;
    const ValueRef empty = make_value("");
    CHECK_FALSE(nothing);
    CHECK(empty);
    CHECK(nothing.bytes().empty());
    CHECK(empty.bytes().empty());
    CHECK(ValueBuilder().finish());
}

TEST_CASE("a copy shares the bytes and keeps them when the first owner goes") {
    ValueRef first = make_value("held");
    const ValueRef second = first;
    CHECK(second.bytes().data() == first.bytes().data());
    first = ValueRef();
    CHECK(second.bytes() == "held");
}

TEST_CASE("assigning a value to itself or moving it loses nothing") {
    ValueRef value = make_value("held");
    const ValueRef& alias = value;
    value = alias;
    CHECK(value.bytes() == "held");
    const ValueRef moved = std::move(value);
    CHECK(moved.bytes() == "held");
}

TEST_CASE("a builder gathers pieces of any size in order") {
    std::string expected;
    ValueBuilder builder;
    for (std::size_t size = 0; size < 300; size += 7) {
        const std::string piece(size, static_cast<char>('a' + size % 26));
        builder.append(piece);
        expected += piece;
        REQUIRE(builder.bytes() == expected);
    }
    CHECK(builder.finish().bytes() == expected);
    CHECK(builder.capacity() == 0);
    CHECK(builder.bytes().empty());
}

TEST_CASE("a builder is used again after finish, and its value stays") {
    ValueBuilder builder;
    builder.append("one");
    const ValueRef one = builder.finish();
    builder.append("two");
    CHECK(builder.finish().bytes() == "two");
    CHECK(one.bytes() == "one");
}

TEST_CASE("finish hands over the builder's own block") {
    ValueBuilder builder;
    builder.reserve(100'000);
    builder.append(std::string(100'000, 'x'));
    const char* place = builder.bytes().data();
    CHECK(builder.finish().bytes().data() == place);
}

TEST_CASE("capacity at most doubles what has arrived") {
    ValueBuilder builder;
    const std::string piece(1'000, 'x');
    for (std::size_t arrived = 1'000; arrived <= 1'000'000; arrived += 1'000) {
        builder.append(piece);
        REQUIRE(builder.capacity() <= 2 * arrived + 64);
    }
}

TEST_CASE("a prefix is dropped, up to all that is there") {
    struct Row {
        std::size_t count;
        std::string_view left;
    };
    for (const Row& row : {Row{0, "key=value"}, Row{4, "value"}, Row{9, ""}, Row{10, ""}}) {
        CAPTURE(row.count);
        ValueBuilder builder;
        builder.append("key=value");
        builder.drop_prefix(row.count);
        CHECK(builder.bytes() == row.left);
        builder.append("!");
        CHECK(builder.finish().bytes() == std::string(row.left) + "!");
    }
    ValueBuilder empty;
    empty.drop_prefix(1);
    CHECK(empty.bytes().empty());
}

TEST_CASE("a size past 32 bits is refused and the builder stays as it was") {
    constexpr std::size_t kPast = std::size_t{std::numeric_limits<std::uint32_t>::max()} + 1;
    ValueBuilder builder;
    builder.append("held");
    const std::size_t capacity = builder.capacity();
    CHECK_THROWS_AS(builder.reserve(kPast), std::bad_alloc);
    CHECK_THROWS_AS(builder.reserve(std::numeric_limits<std::size_t>::max()), std::bad_alloc);
    // A view that is refused by its size alone, before a byte of it is read.
    CHECK_THROWS_AS(builder.append({builder.bytes().data(), kPast}), std::bad_alloc);
    CHECK(builder.bytes() == "held");
    CHECK(builder.capacity() == capacity);
}

TEST_CASE("a moved builder takes its bytes along") {
    ValueBuilder first;
    first.append("held");
    ValueBuilder second(std::move(first));
    CHECK(second.bytes() == "held");
    ValueBuilder third;
    third.append("dropped");
    third = std::move(second);
    CHECK(third.finish().bytes() == "held");
}

} // namespace kvduel::store
