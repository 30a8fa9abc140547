#include "harness/report/tables/change_text.hpp"

#include <doctest/doctest.h>

namespace kvduel::report {

TEST_CASE("a change has its sign, its interval where there is one, and is never -0.0") {
    CHECK(change_text(1.072, 1.061, 1.084) == "+7.2 % [+6.1, +8.4]");
    CHECK(change_text(0.95, 0.9996, 1.0004) == "-5.0 % [+0.0, +0.0]");
    CHECK(change_text(0.9996, {}, 1.0) == "+0.0 %");
    CHECK(change_text({}, 1.0, 1.0) == "-");
}

TEST_CASE("what is allowed has the sign of what is worse") {
    CHECK(tolerance_text(0.07, false) == "+7 %");
    CHECK(tolerance_text(0.08, true) == "-8 %");
}

TEST_CASE("a headline begins with its verdict in capitals") {
    CHECK(in_capitals("inconclusive") == "INCONCLUSIVE");
}

} // namespace kvduel::report
