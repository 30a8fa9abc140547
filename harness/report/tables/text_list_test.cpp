#include "harness/report/tables/text_list.hpp"

#include <doctest/doctest.h>

namespace kvduel::report {

TEST_CASE("a list keeps its long columns from the terminal, and gives them to every other format") {
    const TextList list{{{"name", "is", "words"}, {{"a", "one", "x, y"}, {"bcd", "two", "z"}}}, 2};
    CHECK(render_list(list, Format::kTable) == "a    one\nbcd  two\n");
    CHECK(render_list(list, Format::kMarkdown) ==
          "| name | is | words |\n| --- | --- | --- |\n| a | one | x, y |\n| bcd | two | z |\n");
    CHECK(render_list(list, Format::kCsv) == "name,is,words\na,one,\"x, y\"\nbcd,two,z\n");
    CHECK(render_list(list, Format::kJson) ==
          "[\n  {\n    \"name\": \"a\",\n    \"is\": \"one\",\n    \"words\": \"x, y\"\n  },\n"
          "  {\n    \"name\": \"bcd\",\n    \"is\": \"two\",\n    \"words\": \"z\"\n  }\n]\n");
}

} // namespace kvduel::report
