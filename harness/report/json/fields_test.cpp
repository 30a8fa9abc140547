#include "harness/report/json/fields.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

namespace kvduel::report {
namespace {

enum class Loop : std::uint8_t { kClosed, kOpen };
using LoopWord = std::pair<std::string_view, Loop>;
constexpr std::array kLoops{LoopWord{"closed", Loop::kClosed}, LoopWord{"open", Loop::kOpen}};

struct Read {
    std::uint64_t connections = 64;
    double duration_s = 2;
    Loop loop = Loop::kClosed;
    std::uint64_t seed = 0;
    std::optional<double> rate = 7.0;
    std::string fault = "none";
};

Read read(std::string_view text) {
    Read out;
    Faults faults;
    const Json json = *parse_json(text, "my.json");
    Fields fields(json, {"my.json", "/scenarios/2"}, faults);
    fields.read("connections", Need::kOptional, out.connections, {1, 65536});
    fields.read("duration_s", Need::kOptional, out.duration_s, {0.1, 60});
    fields.read_word<Loop>("loop", Need::kOptional, out.loop, kLoops);
    fields.read_wide("seed", Need::kOptional, out.seed);
    fields.read_nullable("rate", Need::kOptional, out.rate, {1.0, 10.0});
    fields.refuse_unknown();
    if (faults.first()) out.fault = message(*faults.first());
    return out;
}

} // namespace

TEST_CASE("fields are read by name and type; absent ones keep their default") {
    const Read out =
        read(R"({"connections": 8, "loop": "open", "seed": "18446744073709551615", "rate": null})");
    CHECK(out.fault == "none");
    CHECK(out.connections == 8);
    CHECK(out.duration_s == 2);
    CHECK(out.loop == Loop::kOpen);
    CHECK(out.seed == 18446744073709551615U);
    CHECK_FALSE(out.rate);
}

TEST_CASE("a fault names file, pointer and what is allowed") {
    const struct {
        const char* text;
        const char* fault;
    } rows[] = {
        {R"({"loop": "opened"})",
         R"(my.json#/scenarios/2/loop: "opened" is not a loop; allowed: "closed", "open")"},
        {R"({"conections": 1})",
         R"(my.json#/scenarios/2/conections: unknown key; did you mean "connections"?)"},
        {R"({"x": 1})",
         R"(my.json#/scenarios/2/x: unknown key; allowed: "connections", "duration_s", "loop", "seed", "rate")"},
        {R"({"connections": 0})",
         "my.json#/scenarios/2/connections: 0 is not allowed; allowed: an integer from 1 to 65536"},
        {R"({"connections": 1.5})",
         "my.json#/scenarios/2/connections: 1.5 is not allowed; allowed: an integer from 1 to 65536"},
        {R"({"connections": "8"})",
         "my.json#/scenarios/2/connections: \"8\" is not allowed; allowed: an integer from 1 to 65536"},
        {R"({"duration_s": -1})",
         "my.json#/scenarios/2/duration_s: -1 is not allowed; allowed: a number from 0.1 to 60"},
        {R"({"loop": 1})", "my.json#/scenarios/2/loop: 1 is not allowed; allowed: a text"},
        {R"({"seed": "-1"})", "my.json#/scenarios/2/seed: \"-1\" is not allowed; allowed: an integer below "
                              "2^64, past 2^53 as a text"},
        {R"([])", "my.json#/scenarios/2: a list is not allowed; allowed: an object"},
    };
    for (const auto& row : rows) CHECK(read(row.text).fault == row.fault);
}

TEST_CASE("a required field that is missing is named") {
    Faults faults;
    const Json json = *parse_json("{}", "my.json");
    Fields fields(json, {"my.json", ""}, faults);
    std::string id;
    CHECK_FALSE(fields.read("id", Need::kRequired, id));
    REQUIRE(faults.first());
    CHECK(message(*faults.first()) == "my.json#: the key \"id\" is missing");
}

TEST_CASE("a slip in the name of a required key is named before the key is called missing") {
    Faults faults;
    const Json json = *parse_json(R"({"repetitons": 1})", "my.json");
    Fields fields(json, {"my.json", ""}, faults);
    std::uint64_t repetitions = 0;
    fields.read("repetitions", Need::kRequired, repetitions);
    fields.refuse_unknown();
    REQUIRE(faults.first());
    CHECK(message(*faults.first()) == "my.json#/repetitons: unknown key; did you mean \"repetitions\"?");
}

} // namespace kvduel::report
