#include "servers/common/connection_count.hpp"

#include <doctest/doctest.h>

#include <poll.h>

namespace kvduel::servers {
namespace {

bool reads(int fd) {
    pollfd watched{fd, POLLIN, 0};
    return ::poll(&watched, 1, 0) == 1;
}

} // namespace

TEST_CASE("the cap is exact, and a refused connection is not counted as accepted") {
    ConnectionCount count(2);
    CHECK(count.try_open());
    CHECK(count.try_open());
    CHECK_FALSE(count.try_open());
    CHECK(count.open() == 2);
    CHECK(count.accepted() == 2);
    { ConnectionPlace place(count); }
    CHECK(count.try_open());
}

TEST_CASE("the last connection to close signals, but only when somebody watches") {
    ConnectionCount count(2);
    REQUIRE(count.try_open());
    count.closed();
    CHECK_FALSE(reads(count.none_fd()));
    REQUIRE(count.try_open());
    count.watch_for_none();
    CHECK_FALSE(reads(count.none_fd()));
    count.closed();
    CHECK(reads(count.none_fd()));
}

TEST_CASE("watching when nobody is open signals at once") {
    ConnectionCount count(2);
    count.watch_for_none();
    CHECK(reads(count.none_fd()));
}

} // namespace kvduel::servers
