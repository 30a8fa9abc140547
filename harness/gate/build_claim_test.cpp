#include "harness/gate/build_claim.hpp"

#include "core/support/build_info.hpp"

#include <doctest/doctest.h>

namespace kvduel::gate {

TEST_CASE("the line of our own --version is read, whatever stands in the flags") {
    const auto claim = parse_build_claim(
        "kvduel-async 0.1.0 (git 0123abc, dirty; Release; GNU 12.2.0; -O3 -g; -DX=\"; \")\n");
    REQUIRE(claim);
    CHECK(*claim == BuildClaim{"0123abc", true, "Release", "GNU 12.2.0", "-O3 -g; -DX=\"; \""});
    const auto own = parse_build_claim(version_line("kvduel-threads"));
    REQUIRE(own);
    CHECK(own->git_sha == build_info().git_sha);
    CHECK(own->is_dirty == build_info().dirty);
    CHECK(own->build_type == build_info().build_type);
    CHECK(own->compiler == build_info().compiler);
    CHECK(own->flags == build_info().flags);
}

TEST_CASE("any other text is no claim") {
    for (const char* text :
         {"", "nginx version: nginx/1.22.1", "x (git abc)", "x (git abc; Release; GNU)", "x (git "})
        CHECK_FALSE(parse_build_claim(text));
}

TEST_CASE("a program is asked, and one that says something else or nothing is not believed") {
    CHECK_FALSE(ask_build_claim("/bin/echo"));
    CHECK_FALSE(ask_build_claim("/bin/true"));
    CHECK_FALSE(ask_build_claim("/nonexistent"));
}

} // namespace kvduel::gate
