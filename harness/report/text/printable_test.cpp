#include "harness/report/text/printable.hpp"

#include <doctest/doctest.h>

namespace kvduel::report {

TEST_CASE("characters stand as they are, of every length") {
    CHECK(printable("") == "");
    CHECK(printable("abc \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x99\x82") ==
          "abc \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x99\x82");
    CHECK(printable("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF") ==
          "\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF");
}

TEST_CASE("control characters are shown as question marks, those of C1 too") {
    CHECK(printable("a\x1B[2J\n\x7F"
                    "b") == "a?[2J??b");
    CHECK(printable("\xC2\x9B"
                    "31m\xC2\xA0") == "?31m\xC2\xA0");
    CHECK(printable(std::string_view("\0", 1)) == "?");
}

TEST_CASE("bytes that are no character come out as the replacement, one each") {
    const std::string r = "\xEF\xBF\xBD";
    CHECK(printable("ung\xFCltig") == "ung" + r + "ltig"); // Latin-1
    CHECK(printable("\xE2\x82") == r + r);                 // cut in a character
    CHECK(printable("\xE2\x82x") == r + r + "x");
    CHECK(printable("\xC0\xAF\xE0\x80\xAF") == r + r + r + r + r); // longer than need be
    CHECK(printable("\xED\xA0\x80") == r + r + r);                 // half of a pair
    CHECK(printable("\xF4\x90\x80\x80\xFF") == r + r + r + r + r);
    CHECK(printable("\xEF\xBF\xBE\xEF\xBF\xBF") == r + r); // not in XML
}

TEST_CASE("Markdown begins no tag and no entity by a stranger's text") {
    CHECK(markdown_text("<unknown> a & b\n") == "&lt;unknown&gt; a &amp; b?");
}

TEST_CASE("code has a fence that is longer than any run of backticks in it") {
    CHECK(markdown_code("kvduel gate") == "`kvduel gate`");
    CHECK(markdown_code("a `b` ``c") == "``` a `b` ``c ```");
}

} // namespace kvduel::report
