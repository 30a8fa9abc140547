#include "core/support/error.hpp"

#include <doctest/doctest.h>

namespace kvduel {

TEST_CASE("a message joins place, fault and remedy, and leaves out what is empty") {
    CHECK(message({ErrorKind::kUsage, "--rate 20k", "not a number", "write --rate 20000"}) ==
          "--rate 20k: not a number; write --rate 20000");
    CHECK(message({ErrorKind::kUsage, "", "no command", ""}) == "no command");
}

TEST_CASE("every kind has the exit code of the table") {
    CHECK(exit_code(ErrorKind::kInvalid) == 3);
    CHECK(exit_code(ErrorKind::kUsage) == 64);
    CHECK(exit_code(ErrorKind::kBadInput) == 65);
    CHECK(exit_code(ErrorKind::kUnavailable) == 69);
    CHECK(exit_code(ErrorKind::kCannotWrite) == 73);
    CHECK(exit_code(ErrorKind::kBusy) == 75);
    CHECK(exit_code(ErrorKind::kInterrupted) == 130);
}

TEST_CASE("a result holds the value or the error, never both") {
    Result<int> good(7);
    REQUIRE(good);
    CHECK(*good == 7);
    Result<int> bad(Error{ErrorKind::kBadInput, "a.json", "empty", ""});
    REQUIRE_FALSE(bad);
    CHECK(bad.error().where == "a.json");
    CHECK_THROWS_AS(static_cast<void>(bad.value()), std::bad_variant_access);
}

} // namespace kvduel
