#include "harness/report/text/nearest_name.hpp"

#include <doctest/doctest.h>

#include <array>

namespace kvduel::report {

TEST_CASE("a slip of one or two letters finds its name, other words find none") {
    constexpr std::array<std::string_view, 5> kNames{"run", "load", "show", "check", "list"};
    CHECK(nearest_name("rn", kNames) == "run");
    CHECK(nearest_name("chekc", kNames) == "check");
    CHECK(nearest_name("shwo", kNames) == "show");
    CHECK_FALSE(nearest_name("compare", kNames));
    CHECK_FALSE(nearest_name("", kNames));
    CHECK_FALSE(nearest_name("xyz", kNames));
}

TEST_CASE("texts of strangers are printed without control bytes and cut") {
    CHECK(in_quotes("a\x1b[31m") == "\"a?[31m\"");
    CHECK(in_quotes(std::string(81, 'x')) == "\"" + std::string(80, 'x') + "...\"");
}

} // namespace kvduel::report
