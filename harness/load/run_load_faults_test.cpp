#include "harness/load/load_for_test.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <vector>

// Servers that misbehave. Every request is of the window (no warm-up, no preload, nothing is sent after it),
// so what the script did and what the books say must be the same number.

namespace kvduel::load {

namespace {

using Request = ScriptedServer::Request;
using Answer = ScriptedServer::Answer;
using After = ScriptedServer::After;

Plan path_plan(const ScriptedServer& server) {
    Plan plan = plan_for(server);
    plan.workload.path = "/";
    return plan;
}

/// Every fifth answer is `bad`, the others are good. Returns the books and how many bad ones were given.
/// Beside other programs a short window may end before the fifth: then it is a longer one.
std::pair<LoadResult, std::uint64_t> run_with_bad(const Answer& bad, unsigned pipeline = 1,
                                                  Duration window = std::chrono::milliseconds(120)) {
    std::uint64_t given = 0;
    ScriptedServer server([&](const Request& request) {
        if (request.number % 5 != 4) return Answer{ScriptedServer::ok("fine")};
        ++given;
        return bad;
    });
    Plan plan = path_plan(server);
    plan.pipeline = pipeline;
    plan.duration = window;
    LoadResult result = run(plan);
    server.stop();
    check_books(result);
    CHECK(result.requests.in_flight_at_end == 0);
    if (given == 0 && window < std::chrono::seconds(5)) return run_with_bad(bad, pipeline, 4 * window);
    CHECK(given > 0);
    return {std::move(result), given};
}

} // namespace

TEST_CASE("answers that are cut, by FIN or RST, are resets, each exactly") {
    const std::string whole = ScriptedServer::ok("value");
    for (const After after : {After::kFinish, After::kReset})
        for (const std::size_t size : {std::size_t{0}, std::size_t{1}, whole.size() / 2, whole.size() - 1}) {
            const auto [result, given] = run_with_bad({whole.substr(0, size), after});
            CHECK(result.requests.errors.reset == given);
            CHECK(result.requests.errors.total() == given);
            CHECK(result.requests.succeeded == result.requests.sent - given);
            CHECK_FALSE(result.first_error.empty());
        }
}

TEST_CASE("answers that are not HTTP, and bytes behind an answer, are protocol errors, each exactly") {
    for (const std::string& bytes :
         {std::string("garbage"), std::string("HTTP/1.1 200 OK\nContent-Length: 0\n\n"),
          "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n" + std::string(),
          ScriptedServer::ok("value") + "behind", ScriptedServer::ok("", "Connection: close\r\n") + "behind",
          ScriptedServer::ok("twice") + ScriptedServer::ok("twice"),
          "HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x')}) {
        CAPTURE(bytes.substr(0, 80));
        const auto [result, given] = run_with_bad({bytes});
        CHECK(result.requests.errors.protocol == given);
        CHECK(result.requests.errors.total() == given);
    }
}

TEST_CASE("an unexpected status is a status error, counted by its code, and leaves no latency") {
    const auto [result, given] = run_with_bad({ScriptedServer::status(503)});
    CHECK(result.requests.errors.status == given);
    CHECK(result.status_counts.at(503) == given);
    CHECK(result.requests.errors.total() == given);
    CHECK(result.first_error == "status 503");
}

TEST_CASE("in a pipeline the requests behind a lost answer are resets") {
    const auto [cut, cuts] = run_with_bad({"HTTP/1.1 200 OK\r\n", After::kReset}, 4);
    CHECK(cut.requests.errors.reset >= cuts);
    CHECK(cut.requests.errors.total() == cut.requests.errors.reset);
    const auto [garbled, garbles] = run_with_bad({"HTTP/1.1 OK\r\n", After::kFinish}, 4);
    CHECK(garbled.requests.errors.protocol == garbles);
    CHECK(garbled.requests.errors.total() == garbles + garbled.requests.errors.reset);
    const auto [closed, closes] =
        run_with_bad({ScriptedServer::ok("", "Connection: close\r\n"), After::kFinish}, 4);
    CHECK(closed.requests.errors.total() == closed.requests.errors.reset);
}

TEST_CASE("a server that never answers: every request times out, and stands in the latency at its age") {
    for (const unsigned pipeline : {1u, 3u}) {
        ScriptedServer server([](const Request&) { return Answer{}; });
        Plan plan = path_plan(server);
        plan.pipeline = pipeline;
        plan.timeout = std::chrono::milliseconds(30);
        const LoadResult result = run(plan);
        check_books(result);
        CHECK(result.requests.sent > 0);
        CHECK(result.requests.errors.timeout == result.requests.sent);
        CHECK(result.latency.count() == result.requests.sent + result.requests.unsent);
        CHECK(result.service_time.min() >= 30'000'000);
        CHECK(result.requests.completed == 0);
        CHECK(result.in_flight_time_s > 0);
    }
}

TEST_CASE("a server that begins to answer and never ends: a timeout as well") {
    const auto script = [](const std::string& beginning) {
        ScriptedServer server([&](const Request&) { return Answer{beginning}; });
        Plan plan = path_plan(server);
        plan.timeout = std::chrono::milliseconds(30);
        const LoadResult result = run(plan);
        check_books(result);
        CHECK(result.requests.errors.timeout == result.requests.sent);
    };
    script("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
    script("HTTP/1.1 200 OK\r\n\r\nuntil");
    script("HTTP/1.1 100 Continue\r\n\r\n");
}

TEST_CASE("a server that goes away leaves resets and refused connections, and the books close") {
    ScriptedServer* self = nullptr;
    ScriptedServer server([&](const Request& request) {
        if (request.number < 50) return Answer{ScriptedServer::ok("fine")};
        self->stop_listening();
        return Answer{{}, After::kReset};
    });
    self = &server;
    const LoadResult result = run(path_plan(server));
    check_books(result);
    CHECK(result.requests.succeeded == 50);
    CHECK(result.requests.errors.reset == 4);
    CHECK(result.requests.errors.connect > 0);
    CHECK(result.requests.errors.total() == result.requests.errors.reset + result.requests.errors.connect);
    CHECK(result.sent_all_phases == result.requests.sent - result.requests.errors.connect);
}

TEST_CASE("a server that accepts and hangs up is met with pauses, not with a storm") {
    ScriptedServer server([](const Request&) { return Answer{{}, After::kReset}; });
    const LoadResult result = run(path_plan(server));
    check_books(result);
    CHECK(result.requests.errors.reset == result.requests.sent);
    // At once, then after 10, 20, 40, 80 ms: by 120 ms four connections have tried at most 6 times each.
    CHECK(result.requests.sent <= 4 * 6);
}

TEST_CASE("nobody listens: an error that says so, not a result") {
    Plan plan;
    {
        ScriptedServer server([](const Request&) { return Answer{}; });
        plan = plan_for(server);
    }
    Observer nobody;
    const std::atomic<bool> stop = false;
    for (const bool preload : {true, false}) {
        plan.workload.preload = preload;
        const Result<LoadResult> result = run_load(plan, nobody, stop);
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == ErrorKind::kUnavailable);
        CHECK(message(result.error()).find("Connection refused") != std::string::npos);
    }
}

TEST_CASE("a preload that is refused, or not kept, is an error that names the key") {
    Observer nobody;
    const std::atomic<bool> stop = false;
    const auto error_of = [&](const ScriptedServer::Script& script) {
        ScriptedServer server(script);
        const Result<LoadResult> result = run_load(plan_for(server), nobody, stop);
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == ErrorKind::kInvalid);
        return message(result.error());
    };
    CHECK(error_of([](const Request&) {
              return Answer{ScriptedServer::status(507)};
          }).find("POST of key-000000000000 answered 507, not 200") != std::string::npos);
    CHECK(error_of([](const Request&) {
              return Answer{ScriptedServer::ok("no value")};
          }).find("did not give the value just written") != std::string::npos);
    CHECK(error_of([](const Request&) { return Answer{"nonsense"}; }).find("POST of key-") !=
          std::string::npos);
}

TEST_CASE("a preload that nobody answers any more ends soon after the timeout") {
    std::atomic<int> asked = 0;
    ScriptedServer server([&](const Request&) {
        ++asked;
        return Answer{std::string(), After::kReset};
    });
    Plan plan = plan_for(server);
    plan.connections = 1;
    plan.timeout = std::chrono::milliseconds(100);
    Observer nobody;
    const std::atomic<bool> stop = false;
    const Result<LoadResult> result = run_load(plan, nobody, stop);
    REQUIRE_FALSE(result);
    CHECK(message(result.error()).find("preload failed: ") != std::string::npos);
    CHECK(asked > 2);
    CHECK(asked < 200); // after pauses of up to a second each, so not for a thousand of them
}

TEST_CASE("a preload goes on over connections that the server closes") {
    ScriptedStore store;
    ScriptedServer server([&](const Request& request) {
        const bool cuts = request.index == 9;
        return Answer{cuts ? std::string() : store(request), cuts ? After::kReset : After::kKeep};
    });
    Plan plan = plan_for(server);
    plan.workload.keys = 2'000;
    const LoadResult result = run(plan);
    check_books(result);
    CHECK(result.requests.errors.status == 0);
    CHECK(result.requests.errors.verification == 0);
}

TEST_CASE("stopped in the window, a trial ends with what it has, and says that it was interrupted") {
    ScriptedServer server([](const Request&) { return Answer{ScriptedServer::ok("")}; });
    Plan plan = path_plan(server);
    plan.duration = std::chrono::hours(1);
    plan.threads = 2;
    struct Stopper : Observer {
        void tick(const Live& live) override {
            if (live.phase == Phase::kWindow && live.throughput_rps > 0) stop = true;
        }
        std::atomic<bool> stop = false;
    } stopper;
    const Result<LoadResult> result = run_load(plan, stopper, stopper.stop);
    REQUIRE(result);
    check_books(*result);
    CHECK(result->interrupted);
    CHECK(result->requests.succeeded > 0);
    CHECK(result->requests.in_flight_at_end + result->requests.completed == result->requests.sent);
}

TEST_CASE("stopped before the window, at any phase, a trial ends empty") {
    for (const Phase when : {Phase::kPreload, Phase::kConnect, Phase::kWarmUp}) {
        ScriptedServer server([](const Request&) { return Answer{}; });
        Plan plan = plan_for(server);
        plan.warm_up = std::chrono::hours(1);
        plan.workload.preload = when == Phase::kPreload;
        struct Stopper : Observer {
            void phase(Phase phase) override {
                if (phase == at) stop = true;
            }
            std::atomic<bool> stop = false;
            Phase at = Phase::kPreload;
        } stopper;
        stopper.at = when;
        const Result<LoadResult> result = run_load(plan, stopper, stopper.stop);
        REQUIRE(result);
        CHECK(result->interrupted);
        CHECK(result->requests.sent == 0);
        CHECK(result->duration_s == 0);
    }
}

} // namespace kvduel::load
