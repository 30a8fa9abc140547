#include "harness/report/json/strict_json.hpp"

#include <doctest/doctest.h>

#include <string>

namespace kvduel::report {
namespace {

std::string json_fault(std::string_view text, const JsonLimits& limits = {}) {
    const Result<Json> result = parse_json(text, "my.json", limits);
    return result ? "none" : message(result.error());
}

} // namespace

TEST_CASE("what is not JSON is named by line, column and what was expected") {
    const JsonLimits comments{.allows_comments = true};
    CHECK(json_fault("[1 2]") == "my.json:1:4: not JSON: expected ',' or ']' after this item");
    CHECK(json_fault("{\"a\": 1\n \"b\": 2}") ==
          "my.json:2:2: not JSON: expected ',' or '}' after this value");
    CHECK(json_fault("{\"a\" 1}") == "my.json:1:6: not JSON: expected ':' after this key");
    CHECK(json_fault("{a: 1}") == "my.json:1:2: not JSON: expected a key in double quotes");
    CHECK(json_fault("[1, ") == "my.json:1:5: not JSON: the file ends here; expected a value");
    CHECK(json_fault("[1") ==
          "my.json:1:3: not JSON: the file ends here; expected ',' or ']' after this item");
    CHECK(json_fault("[nan]") == "my.json:1:3: not JSON: expected a value");
    CHECK(json_fault("[1e999]") == "my.json:1:2: not JSON: 1e999 is past the range of a number");
    CHECK(json_fault("[] []") == "my.json:1:4: not JSON: something follows the document");
    CHECK(json_fault("[\"a]") == "my.json:1:2: not JSON: this text has no closing quote");
    CHECK(json_fault("[\"\xFF\"]") == "my.json:1:2: not JSON: this text is not UTF-8");
    CHECK(json_fault("[\"a\nb\"]").ends_with("not JSON: a control byte in a text must be escaped"));
    CHECK(json_fault("") == "my.json:1:1: not JSON: the file ends here; expected a value");
    CHECK(json_fault("[] // words", comments) == "none");
    CHECK(json_fault("[/* no end", comments)
              .ends_with("not JSON: this comment has no end or no second '/' or '*'"));
    CHECK(json_fault("[] // words").find("not JSON") != std::string::npos);
}

TEST_CASE("a key twice in an object is refused and named") {
    CHECK(json_fault(R"({"a": [0, {"b": 1, "b": 2}]})") == "my.json#/a/1/b: this key appears twice");
    CHECK(json_fault(R"({"a": {"b": 1}, "c": {"b": 1}})") == "none");
}

TEST_CASE("depth is bounded: 64 levels pass, 65 and a hundred thousand do not") {
    CHECK(json_fault(std::string(64, '[') + std::string(64, ']')) == "none");
    CHECK(json_fault(std::string(65, '[') + std::string(65, ']')).ends_with("nested deeper than 64 levels"));
    CHECK(json_fault(std::string(100'000, '[')).ends_with("nested deeper than 64 levels"));
}

TEST_CASE("integers fit 64 bits or are refused, never rounded") {
    const Result<Json> largest = parse_json("18446744073709551615", "my.json");
    REQUIRE(largest);
    CHECK(largest->get<std::uint64_t>() == 18446744073709551615U);
    CHECK(json_fault("[18446744073709551616]") == "my.json#/0: this integer does not fit 64 bits");
    CHECK(json_fault("{\"n\": -123456789012345678901234567890}") ==
          "my.json#/n: this integer does not fit 64 bits");
}

TEST_CASE("a text past the byte limit is refused unread") {
    CHECK(json_fault("[1]", {.max_bytes = 3}) == "none");
    CHECK(json_fault("[1 ]", {.max_bytes = 3}) == "my.json: larger than 3 bytes, the most allowed");
}

TEST_CASE("a folder, a device and a missing file are refused as files") {
    const auto fault_of = [](const std::string& path) { return message(read_json_file(path).error()); };
    CHECK(fault_of("/dev/null") == "/dev/null: not a regular file");
    CHECK(fault_of("/") == "/: not a regular file");
    CHECK(fault_of("/no/such.json") == "/no/such.json: No such file or directory");
}

TEST_CASE("pointer steps are escaped and printable") {
    CHECK(pointer_step("a/b~c\x1b") == "a~1b~0c?");
}

} // namespace kvduel::report
