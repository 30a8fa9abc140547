#include "core/store/key.hpp"

#include <doctest/doctest.h>

namespace kvduel::store {

TEST_CASE("the hash is XXH3 of 64 bits, seeded") {
    // Of xxhsum -H3 0.8.1: the empty input with seed 0.
    CHECK(make_key("", {0}).hash == 0x2d06800538d394c2);
    CHECK(make_key("greeting", {1}).hash == make_key("greeting", {1}).hash);
    CHECK(make_key("greeting", {1}).hash != make_key("greeting", {2}).hash);
    CHECK(make_key("greeting", {1}).hash != make_key("greetinG", {1}).hash);
}

TEST_CASE("two stores' seeds differ, so that nobody can prepare colliding keys") {
    CHECK(make_random_seed().value != make_random_seed().value);
}

TEST_CASE("a key keeps its caller's bytes, zeros included") {
    const std::string_view bytes("a\0b", 3);
    const Key key = make_key(bytes, {7});
    CHECK(key.bytes.data() == bytes.data());
    CHECK(key.bytes.size() == 3);
    CHECK(key.hash != make_key("a", {7}).hash);
}

} // namespace kvduel::store
