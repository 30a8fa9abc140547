#include "servers/common/byte_buffer.hpp"

#include <doctest/doctest.h>

#include <string>

namespace kvduel::servers {

TEST_CASE("bytes leave in the order they came, whatever the buffer does inside") {
    ByteBuffer buffer;
    std::string expected;
    std::string seen;
    for (int round = 0; round < 200; ++round) {
        const std::string piece(static_cast<std::size_t>(round % 37), static_cast<char>('a' + round % 26));
        buffer.append(piece);
        expected += piece;
        const std::size_t take = buffer.size() / 2;
        seen += buffer.view().substr(0, take);
        buffer.consume(take);
    }
    seen += buffer.view();
    CHECK(seen == expected);
}

TEST_CASE("a view outlives the consume of its bytes until the next prepare") {
    ByteBuffer buffer;
    buffer.append("head body");
    const std::string_view body = buffer.view().substr(5);
    buffer.consume(9);
    CHECK(buffer.size() == 0);
    CHECK(body == "body");
}

TEST_CASE("capacity grows from the least asked for and is given back on release") {
    ByteBuffer buffer;
    CHECK(buffer.prepare(1, 4096).size() == 4096);
    buffer.commit(4096);
    CHECK(buffer.prepare(1, 4096).size() == 4096);
    CHECK(buffer.capacity() == 8192);
    buffer.release();
    CHECK(buffer.capacity() == 0);
    CHECK(buffer.size() == 0);
}

} // namespace kvduel::servers
