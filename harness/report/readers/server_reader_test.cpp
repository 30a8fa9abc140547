#include "harness/report/readers/server_reader.hpp"

#include <doctest/doctest.h>

#include <string>

namespace kvduel::report {

TEST_CASE("the announcement of our servers is read") {
    const auto read = read_announcement(R"({"event":"listening","host":"127.0.0.1","port":41234,"pid":99})");
    REQUIRE(read);
    CHECK(read->host == "127.0.0.1");
    CHECK(read->port == 41234);
    CHECK(read->pid == 99);
}

TEST_CASE("an announcement that is not one is refused with the reason") {
    const std::pair<std::string, std::string> rows[] = {
        {"hello", "announcement:1:1: not JSON: expected a value"},
        {R"({"event":"listening","host":"127.0.0.1","port":0})",
         "announcement#/port: 0 is not allowed; allowed: an integer from 1 to 65535"},
        {R"({"event":"listening","host":"127.0.0.1","port":70000})",
         "announcement#/port: 70000 is not allowed; allowed: an integer from 1 to 65535"},
        {R"({"event":"listening","host":"127.0.0.1","port":"x"})",
         "announcement#/port: \"x\" is not allowed; allowed: an integer from 1 to 65535"},
        {R"({"event":"starting","host":"127.0.0.1","port":1})",
         "announcement#/event: allowed: \"listening\""},
        {R"({"event":"listening","port":1})", "announcement#: the key \"host\" is missing"},
        {std::string(4'097, ' '), "announcement: larger than 4096 bytes, the most allowed"},
    };
    for (const auto& [line, expected] : rows) {
        const auto read = read_announcement(line);
        REQUIRE_FALSE(read);
        CHECK(read.error().kind == ErrorKind::kUnavailable);
        CHECK(message(read.error()) == expected);
    }
}

TEST_CASE("a page of stats is read as far as a trial needs it") {
    const auto read = read_server_stats(R"({"server": "kvduel-async", "more": [1],
        "requests": {"total": 7, "pages": 1, "by_status": {"200": 5, "404": 2}},
        "process": {"cpu_user_s": 0.25, "context_switches_voluntary": 3},
        "pid": 41,
        "queue_wait_us": {"count": 3, "sum_ns": 2500, "p50": 1.5, "buckets": [[1023, 2], [2047, 1]]}})");
    REQUIRE(read);
    CHECK(read->requests_total == 7);
    CHECK(read->by_status.at(404) == 2);
    CHECK(read->cpu_user_s == 0.25);
    CHECK_FALSE(read->cpu_system_s);
    CHECK(read->context_switches_voluntary == 3);
    REQUIRE(read->queue_wait);
    CHECK(read->queue_wait->count == 3);
    CHECK(read->queue_wait->sum_ns == 2500);
    CHECK(read->pid == 41);
    CHECK(read->queue_wait->buckets[1] == experiment::ServerHistogram::Bucket{2047, 1});
    CHECK_FALSE(read->handler);
}

TEST_CASE("a page of stats that lies about its types is refused") {
    for (const char* page : {"", "[]", "{}", R"({"requests": {}})", R"({"requests": {"total": -1}})",
                             R"({"requests": {"total": 1, "by_status": {"x": 1}}})",
                             R"({"requests": {"total": 1}, "process": {"cpu_user_s": "1"}})",
                             R"({"requests": {"total": 1}, "queue_wait_us": {"buckets": [[2, 1], [1, 1]]}})",
                             R"({"requests": {"total": 1}, "queue_wait_us": {"buckets": [[2]]}})",
                             R"({"requests": {"total": 1}, "queue_wait_us": {"buckets": [], "sum_ns": -1}})",
                             R"({"requests": {"total": 1}, "pid": 0})"}) {
        const auto read = read_server_stats(page);
        REQUIRE_FALSE(read);
        CHECK(read.error().kind == ErrorKind::kUnavailable);
    }
}

} // namespace kvduel::report
