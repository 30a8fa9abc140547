#include "harness/experiment/text/line_tail.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {

TEST_CASE("the tail keeps the last 20 lines of a stream of any length") {
    LineTail tail;
    for (int i = 1; i <= 25; ++i) tail.append("line " + std::to_string(i) + "\n");
    const auto lines = tail.lines();
    REQUIRE(lines.size() == LineTail::kLines);
    CHECK(lines.front() == "line 6");
    CHECK(lines.back() == "line 25");
}

TEST_CASE("a line that comes in pieces is one line, and an unfinished last line counts") {
    LineTail tail;
    tail.append("ab");
    tail.append("c\nde");
    CHECK(tail.lines() == std::vector<std::string>{"abc", "de"});
    for (std::size_t i = 0; i < LineTail::kLines; ++i) tail.append("\nx");
    CHECK(tail.lines().size() == LineTail::kLines);
}

TEST_CASE("an endless line is cut, so the tail stays bounded") {
    LineTail tail;
    for (int i = 0; i < 1000; ++i) tail.append(std::string(1000, 'x'));
    REQUIRE(tail.lines().size() == 1);
    CHECK(tail.lines().front().size() == LineTail::kLineBytes);
}

TEST_CASE("control bytes of a server never reach the terminal") {
    LineTail tail;
    tail.append("a\x1b[2Jb\tc\r\n");
    CHECK(tail.lines().front() == "a?[2Jb\tc");
}

} // namespace kvduel::experiment
