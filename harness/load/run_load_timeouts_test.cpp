#include "harness/load/load_for_test.hpp"

#include <doctest/doctest.h>

// Servers that never answer: which requests timed out, and which only lost their connection.

namespace kvduel::load {

namespace {

using std::chrono::milliseconds;
using Request = ScriptedServer::Request;
using Answer = ScriptedServer::Answer;

} // namespace

// All of a connection's requests were booked as timeouts when its oldest was one, the youngest at an age of
// a millisecond: a server that hangs looked fast.
TEST_CASE("what stands in the pipeline behind a request that times out is a timeout only if it is one") {
    ScriptedServer server([](const Request&) { return Answer{}; });
    Plan plan = open_plan(server, 1'000);
    plan.connections = 1;
    plan.pipeline = 8;
    plan.timeout = milliseconds(30);
    const LoadResult result = run(plan);
    check_books(result);
    CHECK(result.requests.errors.timeout > 0);
    CHECK(result.service_time.min() >= 30'000'000);
    CHECK(result.requests.errors.total() == result.requests.errors.timeout + result.requests.errors.reset);
}

// What left in the last moment had less than its timeout to be answered: it was in flight at the end, and
// the longest latencies of all were missing. Here all leave late: the window is over when it is looked at.
TEST_CASE("what leaves late, after the window's end, is waited for as long as any other") {
    ScriptedServer server([](const Request&) { return Answer{}; });
    Plan plan = open_plan(server, workload::kMostRate);
    plan.duration = std::chrono::microseconds(20);
    plan.connections = 200;
    plan.timeout = milliseconds(100);
    const LoadResult result = run(plan);
    check_books(result);
    CHECK(result.requests.sent == 200);
    CHECK(result.requests.in_flight_at_end == 0);
    CHECK(result.requests.errors.timeout == 200);
    CHECK(result.service_time.min() >= 100'000'000);
}

} // namespace kvduel::load
