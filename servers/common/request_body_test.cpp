#include "servers/common/request_body.hpp"

#include <doctest/doctest.h>

#include <string>

namespace kvduel::servers {

TEST_CASE("a body in one piece is a view of the input and costs nothing") {
    BodyBudget budget(10);
    RequestBody body(budget);
    const std::string input(1'000, 'x');
    body.start(true, input.size());
    REQUIRE(body.take(input));
    REQUIRE(body.take("")); // the end of the body brings no piece
    CHECK(body.body().gathered == nullptr);
    CHECK(body.body().bytes().data() == input.data());
    CHECK(budget.used() == 0);
}

TEST_CASE("pieces are gathered in order, and announced lengths are never passed by doubling") {
    BodyBudget budget(100'000);
    RequestBody body(budget);
    const std::string first(4'000, 'a');
    const std::string second(2'000, 'b');
    const std::string third(4'000, 'c');
    body.start(true, 10'000);
    REQUIRE(body.take(first));
    REQUIRE(body.settle()); // the input moves
    REQUIRE(body.take(second));
    REQUIRE(body.take(third));
    CHECK(body.body().bytes() == first + second + third);
    CHECK(body.received() == 10'000);
    CHECK(budget.used() == 10'000 + store::ValueBuilder::kOverheadBytes);
    body.clear();
    CHECK(budget.used() == 0);
    CHECK(body.body().bytes().empty());
}

TEST_CASE("what is charged covers what is held, however the pieces fall") {
    for (std::size_t first = 50; first < 80; ++first)
        for (std::size_t second = 1; second < 20; ++second) {
            BodyBudget budget(100'000);
            RequestBody body(budget);
            body.start(true, 0);
            for (const std::size_t size : {first, second, second, 3 * first})
                REQUIRE((body.take(std::string(size, 'x')) && body.settle()));
            REQUIRE(budget.used() >= body.body().gathered->capacity());
        }
}

TEST_CASE("a body that is not kept is counted and nothing else") {
    BodyBudget budget(0);
    RequestBody body(budget);
    body.start(false, 6);
    CHECK(body.take("abc"));
    CHECK(body.settle());
    CHECK(body.take("def"));
    CHECK(body.received() == 6);
    CHECK(body.body().bytes().empty());
}

TEST_CASE("a body over the budget is refused, and what it held is given back") {
    BodyBudget budget(100);
    RequestBody body(budget);
    const std::string piece(60, 'x');
    body.start(true, 0);
    CHECK(body.take(piece));
    CHECK_FALSE(body.take(piece));
    body.clear();
    CHECK(budget.used() == 0);
}

TEST_CASE("how much is still to come follows the announcement, or what came if there is none") {
    BodyBudget budget(1'000);
    RequestBody body(budget);
    body.start(false, 100);
    CHECK(body.is_longer_than(99));
    CHECK_FALSE(body.is_longer_than(100));
    CHECK(body.take(std::string(50, 'x')));
    CHECK_FALSE(body.is_longer_than(50));

    body.start(false, 0);
    CHECK_FALSE(body.is_longer_than(10));
    CHECK(body.take(std::string(11, 'x')));
    CHECK(body.is_longer_than(10));
}

} // namespace kvduel::servers
