#include "harness/load/channel.hpp"

#include "harness/load/hand_server_for_test.hpp"
#include "harness/load/plan.hpp"

#include <doctest/doctest.h>
#include <malloc.h>
#include <sys/epoll.h>

#include <algorithm>
#include <string>

namespace kvduel::load {

namespace {

std::size_t heap_bytes() {
    const struct mallinfo2 info = ::mallinfo2();
    return info.uordblks + info.hblkhd;
}

} // namespace

// What was kept went only once all of it had left: a server that reads steadily, but never to the end, made
// it grow by all that was sent, for as long as the trial lasted.
TEST_CASE("a peer that always has more to read does not make a channel keep what has left") {
    HandServer server;
    Channel channel;
    const UniqueFd epoll(::epoll_create1(0));
    REQUIRE(channel.open(*make_address({.port = server.port()}), epoll.get(), 0) == 0);
    server.accept();
    REQUIRE(channel.finish_open() == 0);
    constexpr std::size_t kPiece = 256 * 1024;
    constexpr std::size_t kMostUnsent = 24 * kPiece;
    const std::string piece(kPiece, 'x');
    const std::size_t before = heap_bytes();
    std::size_t received = 0;
    std::size_t most = 0;
    bool was_empty = false;
    for (int sent = 0; sent < 500;) {
        if (channel.unsent() < kMostUnsent) {
            REQUIRE(channel.send(piece));
            ++sent;
        } else {
            received += server.read(kPiece);
            REQUIRE(channel.flush());
            was_empty = was_empty || channel.unsent() == 0;
        }
        most = std::max(most, heap_bytes() - before);
    }
    CHECK(received > 10 * kMostUnsent);
    CHECK_FALSE(was_empty);
    CHECK(most < 6 * kMostUnsent);
}

} // namespace kvduel::load
