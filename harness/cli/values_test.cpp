#include "harness/cli/values.hpp"

#include <doctest/doctest.h>

namespace kvduel::cli {

TEST_CASE("a command of one's own is split at spaces outside quotes, and nothing expands") {
    const std::pair<const char*, std::vector<std::string>> rows[] = {
        {"./server --port {port}", {"./server", "--port", "{port}"}},
        {"  a\t b ", {"a", "b"}},
        {"'my server' \"x y\"z ''", {"my server", "x yz", ""}},
        {"a $HOME * `b`", {"a", "$HOME", "*", "`b`"}},
        {"a \"it's\"", {"a", "it's"}},
    };
    for (const auto& [text, words] : rows) CHECK(split_words(text) == words);
    for (const char* bad : {"", "   ", "a \"b", "a 'b", "'' a"}) CHECK_FALSE(split_words(bad));
}

TEST_CASE("numbers are plain, finite and in their range") {
    double seconds = 0;
    const Take take = take_number(0.001, 60, "seconds", [&](double s) { seconds = s; });
    CHECK(take("1.5"));
    CHECK(seconds == 1.5);
    for (const char* bad : {"", "nan", "inf", "1e999", "5parsecs", "-1", "0", "61", "0x10", "1,5", " 1"})
        CHECK_FALSE(take(bad));
    std::uint64_t count = 0;
    const Take take_count = take_integer(1, 10, [&](std::uint64_t n) { count = n; });
    CHECK(take_count("10"));
    CHECK(count == 10);
    for (const char* bad : {"", "0", "11", "1.5", "-1", "+1", "99999999999999999999", "abc"})
        CHECK_FALSE(take_count(bad));
}

TEST_CASE("a number with a multiplier is written out for whoever used one") {
    const std::pair<const char*, const char*> rows[] = {
        {"20k", "20000"}, {"1.5M", "1500000"}, {"0.5K", "500"}, {"20", ""},  {"k", ""},
        {"", ""},         {"-1k", ""},         {"2kk", ""},     {"nank", ""}};
    for (const auto& [text, written_out] : rows) CHECK(without_multiplier(text) == written_out);
}

TEST_CASE("a list of ids holds each once") {
    std::vector<std::string> ids;
    const Take take = take_ids([&](std::vector<std::string> list) { ids = std::move(list); });
    CHECK(take("threads,async"));
    CHECK(ids == std::vector<std::string>{"threads", "async"});
    for (const char* bad : {"", "a,", ",a", "a,,b", "a,a", "../a", "a b"}) CHECK_FALSE(take(bad));
}

} // namespace kvduel::cli
