#include "harness/report/text/shell_word.hpp"

#include <doctest/doctest.h>

namespace kvduel::report {

TEST_CASE("a word that a shell takes as it is stays as it is") {
    CHECK(shell_word("results/20261129T102102Z-quick.json.gz") == "results/20261129T102102Z-quick.json.gz");
}

TEST_CASE("any other word stands in quotes that nothing in it can leave") {
    CHECK(shell_word("my report.json") == "'my report.json'");
    CHECK(shell_word("a'; rm -r b") == "'a'\\''; rm -r b'");
    CHECK(shell_word("$(x)") == "'$(x)'");
    CHECK(shell_word("") == "''");
}

} // namespace kvduel::report
