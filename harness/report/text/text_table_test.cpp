#include "harness/report/text/text_table.hpp"

#include <doctest/doctest.h>

namespace kvduel::report {

TEST_CASE("figures keep three digits or all whole ones") {
    const std::pair<double, const char*> rows[] = {
        {0, "0.00"},      {0.25, "0.25"}, {8.614, "8.61"},  {9.999, "10.0"},        {10.84, "10.8"},
        {99.96, "100"},   {742.4, "742"}, {999.6, "1,000"}, {105'000.4, "105,000"}, {1234567, "1,234,567"},
        {-1500, "-1,500"}};
    for (const auto& [figure, text] : rows) CHECK(figure_text(figure) == text);
}

TEST_CASE("the aligned form sets names left and figures right, by code points") {
    const TextTable table{{"", "RPS", "valid"},
                          {{"async", "105,000", "5/5"},
                           {"thr\xC3\xA9"
                            "ads",
                            "900", "4/5"}}};
    CHECK(render_aligned(table, "  ") == "               RPS  valid\n"
                                         "  async    105,000    5/5\n"
                                         "  thr\xC3\xA9"
                                         "ads      900    4/5\n");
}

TEST_CASE("markdown and csv hold the same cells") {
    const TextTable table{{"contender", "RPS"}, {{"a, \"b\"", "1"}}};
    CHECK(render_markdown(table) == "| contender | RPS |\n| --- | ---: |\n| a, \"b\" | 1 |\n");
    CHECK(render_csv(table) == "contender,RPS\n\"a, \"\"b\"\"\",1\n");
}

} // namespace kvduel::report
