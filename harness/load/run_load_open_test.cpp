#include "harness/load/load_for_test.hpp"

#include "harness/load/due_schedule.hpp"

#include <doctest/doctest.h>

#include <functional>

// The open loop from end to end. How many requests are due is arithmetic, so sent + unsent is exact on any
// machine; times are held against lower bounds that follow from the schedule alone.

namespace kvduel::load {

namespace {

using std::chrono::milliseconds;
using Request = ScriptedServer::Request;
using Answer = ScriptedServer::Answer;
using After = ScriptedServer::After;

/// How many requests of the plan are due in its window.
std::uint64_t due_in_window(const Plan& plan) {
    std::uint64_t due = 0;
    for (std::uint64_t thread = 0; thread < plan.threads; ++thread) {
        DueSchedule schedule(plan, thread);
        schedule.begin({}, {}, TimePoint(plan.duration));
        for (; schedule.next_due() != TimePoint::max(); schedule.take()) ++due;
    }
    return due;
}

void check_open_books(const Plan& plan, const LoadResult& result) {
    check_books(result);
    CHECK(result.requests.sent + result.requests.unsent == due_in_window(plan));
    CHECK(result.requests.waited_for_connection >= result.requests.unsent + result.requests.errors.connect);
    CHECK(result.requests.waited_for_connection <= result.requests.sent + result.requests.unsent);
}

Answer fine() {
    return {ScriptedServer::ok("fine")};
}

} // namespace

TEST_CASE(
    "every request that is due is sent or counted as unsent, in one thread or several, in both arrivals") {
    for (const auto arrivals : {workload::ArrivalKind::kConstant, workload::ArrivalKind::kPoisson})
        for (const unsigned threads : {1u, 3u})
            for (const bool may_spin : {false, true}) {
                ScriptedStore store;
                ScriptedServer server([&](const Request& request) { return Answer{store(request)}; });
                Plan plan = plan_for(server);
                plan.rate_per_s = 2'000;
                plan.arrivals = arrivals;
                plan.threads = threads;
                plan.may_spin = may_spin;
                plan.workload.mix = {.get = 0.5, .post = 0.5};
                const LoadResult result = run(plan);
                check_open_books(plan, result);
                CHECK(result.requests.succeeded == result.requests.sent);
                CHECK(result.requests.succeeded > 0);
                CHECK(result.sent_all_phases == server.requests());
                CHECK(result.connections_opened == server.connections());
                CHECK(result.latency.sum() >= result.service_time.sum());
            }
}

TEST_CASE("a constant rate is due so often a second, no more and no less") {
    ScriptedServer server([](const Request&) { return fine(); });
    const Plan plan = open_plan(server, 2'000);
    CHECK(due_in_window(plan) == 240);
    check_open_books(plan, run(plan));
}

TEST_CASE("requests of the warm-up are sent and not counted") {
    ScriptedServer server([](const Request&) { return fine(); });
    Plan plan = open_plan(server, 2'000);
    plan.warm_up = milliseconds(50);
    const LoadResult result = run(plan);
    check_open_books(plan, result);
    CHECK(result.sent_all_phases > result.requests.sent);
    CHECK(result.sent_all_phases == server.requests());
}

TEST_CASE("the window's requests do not queue behind those that the warm-up left waiting") {
    // The first request of the warm-up holds the one connection until the window has begun.
    ScriptedServer server([](const Request& request) { return request.number == 0 ? Answer{} : fine(); });
    Plan plan = open_plan(server, 1'000);
    plan.connections = 1;
    plan.warm_up = milliseconds(50);
    plan.timeout = milliseconds(80);
    const LoadResult result = run(plan);
    check_open_books(plan, result);
    CHECK(result.sent_all_phases <= result.requests.sent + 1);
}

TEST_CASE("while no connection is free requests wait, and their latency counts from the due time") {
    // The first request is never answered and holds the one connection for 40 ms. So request i, due at i ms,
    // leaves at 40 ms or later: it waited for 40 - i ms at least, whether it left then or was given up.
    ScriptedServer server([](const Request& request) { return request.number == 0 ? Answer{} : fine(); });
    Plan plan = open_plan(server, 1'000);
    plan.connections = 1;
    plan.timeout = milliseconds(40);
    const LoadResult result = run(plan);
    check_open_books(plan, result);
    CHECK(result.requests.errors.timeout >= 1);
    CHECK(result.requests.waited_for_connection >= 39);
    constexpr double kWaited = 39 * 40 / 2 * 1e6;
    CHECK(result.latency.sum() >= kWaited + 40e6);
    CHECK(result.latency.sum() - result.service_time.sum() >= kWaited);
}

TEST_CASE(
    "what waits for the timeout, or to the window's end, is unsent and stands in the latency at its age") {
    ScriptedServer server([](const Request&) { return Answer{}; });
    Plan plan = open_plan(server, 1'000);
    plan.connections = 2;
    plan.timeout = milliseconds(30);
    const LoadResult result = run(plan);
    check_open_books(plan, result);
    // A connection is held for 30 ms by each request: in 120 ms each can take 4, and 1 more at the end.
    CHECK(result.requests.sent <= 2 * 5);
    CHECK(result.requests.unsent >= 120 - 10);
    CHECK(result.requests.errors.timeout == result.requests.sent);
    CHECK(result.latency.count() == 120);
    CHECK(result.latency.max() >= 30'000'000);
}

TEST_CASE("nobody left to connect to: each failed handshake takes one waiting request, the rest is unsent") {
    ScriptedServer* self = nullptr;
    ScriptedServer server([&](const Request& request) {
        if (request.number < 20) return fine();
        self->stop_listening();
        return Answer{{}, After::kReset};
    });
    self = &server;
    Plan plan = open_plan(server, 1'000);
    plan.timeout = milliseconds(20);
    const LoadResult result = run(plan);
    check_open_books(plan, result);
    CHECK(result.requests.succeeded == 20);
    CHECK(result.requests.errors.connect > 0);
    CHECK(result.requests.errors.reset > 0);
    CHECK(result.requests.unsent > 0);
    CHECK(result.requests.errors.total() == result.requests.errors.reset + result.requests.errors.connect);
    CHECK(result.first_error.empty() == false);
}

TEST_CASE("connections that the server cuts are opened again, and each cut is one reset") {
    for (const unsigned pipeline : {1u, 3u})
        for (const After after : {After::kFinish, After::kReset}) {
            std::uint64_t given = 0;
            ScriptedServer server([&](const Request& request) {
                if (request.number % 5 != 4) return fine();
                ++given;
                return Answer{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12", after};
            });
            Plan plan = open_plan(server, 20'000);
            plan.pipeline = pipeline;
            const LoadResult result = run(plan);
            server.stop();
            check_open_books(plan, result);
            CHECK(given > 0);
            CHECK(result.requests.errors.reset >= given);
            CHECK(result.requests.errors.total() ==
                  result.requests.errors.reset + result.requests.errors.connect);
            if (pipeline == 1) CHECK(result.requests.errors.reset == given);
        }
}

TEST_CASE("with a pipeline a connection takes what is due though an answer is outstanding") {
    // The server answers in pairs: a request's answer comes with the next one's, which is due a gap later.
    ScriptedServer server([](const Request& request) {
        if (request.index % 2 == 0) return Answer{};
        return Answer{ScriptedServer::ok("one") + ScriptedServer::ok("two")};
    });
    Plan plan = open_plan(server, 1'000);
    plan.connections = 1;
    plan.pipeline = 2;
    const LoadResult result = run(plan);
    check_open_books(plan, result);
    CHECK(result.requests.errors.total() == 0);
    CHECK(result.requests.succeeded + result.requests.in_flight_at_end == result.requests.sent);
    CHECK(result.requests.succeeded > 0);
    CHECK(result.latency.max() >= 1'000'000);
    CHECK(server.connections() == 1);
}

TEST_CASE("a pipeline never holds more than its length") {
    std::map<std::uint64_t, std::uint64_t> unanswered;
    std::uint64_t most = 0;
    ScriptedServer server([&](const Request& request) {
        most = std::max(most, ++unanswered[request.connection]);
        if (unanswered[request.connection] < 4) return Answer{};
        unanswered[request.connection] = 0;
        std::string answers;
        for (int i = 0; i < 4; ++i) answers += ScriptedServer::ok("x");
        return Answer{answers};
    });
    Plan plan = open_plan(server, 50'000);
    plan.connections = 2;
    plan.pipeline = 4;
    plan.timeout = milliseconds(200);
    const LoadResult result = run(plan);
    server.stop();
    check_open_books(plan, result);
    CHECK(most == 4);
    CHECK(result.requests.succeeded > 0);
    CHECK(result.requests.errors.protocol == 0);
}

TEST_CASE("with a limit of requests per connection the last asks for the close, and none is lost") {
    std::uint64_t wrong_asks = 0;
    ScriptedServer server([&](const Request& request) {
        wrong_asks += request.asks_close == (request.index == 2) ? 0 : 1;
        return Answer{ScriptedServer::ok("x"), request.asks_close ? After::kFinish : After::kKeep};
    });
    for (const unsigned pipeline : {1u, 2u}) {
        Plan plan = open_plan(server, 5'000);
        plan.pipeline = pipeline;
        plan.requests_per_connection = 3;
        const LoadResult result = run(plan);
        check_open_books(plan, result);
        CHECK(result.requests.succeeded == result.requests.sent);
        CHECK(result.requests.sent > 0);
        CHECK(result.connections_opened >= result.sent_all_phases / 3);
    }
    server.stop();
    CHECK(wrong_asks == 0);
}

TEST_CASE("the connection that is free for longest takes the next request") {
    std::vector<std::uint64_t> order;
    ScriptedServer server([&](const Request& request) {
        order.push_back(request.connection);
        return fine();
    });
    Plan plan = open_plan(server, 500);
    plan.connections = 3;
    const LoadResult result = run(plan);
    server.stop();
    check_open_books(plan, result);
    REQUIRE(order.size() == result.requests.sent);
    std::map<std::uint64_t, std::uint64_t> uses;
    for (const std::uint64_t connection : order) ++uses[connection];
    CHECK(uses.size() == 3);
    for (const auto& [connection, count] : uses) CHECK(count >= order.size() / 6);
}

TEST_CASE("equal seeds send equal requests in an open loop, another seed others") {
    const auto requests_of = [](std::uint64_t seed) {
        std::vector<std::string> targets;
        ScriptedServer server([&](const Request& request) {
            if (targets.size() < 20) targets.push_back(request.method + request.target + request.body);
            return fine();
        });
        Plan plan = plan_for(server);
        plan.connections = 1;
        plan.rate_per_s = 2'000;
        plan.workload.preload = false;
        plan.workload.mix = {.get = 0.5, .post = 0.5};
        plan.seed = seed;
        run(plan);
        server.stop();
        return targets;
    };
    const auto first = requests_of(1);
    CHECK(first == requests_of(1));
    CHECK(first != requests_of(2));
}

TEST_CASE("stopped, an open loop ends with what was due until then") {
    ScriptedServer server([](const Request&) { return fine(); });
    Plan plan = open_plan(server, 1'000);
    plan.threads = 2;
    struct Stopper : Observer {
        void tick(const Live& live) override {
            if (live.phase == when && (when == Phase::kWarmUp || live.throughput_rps > 0)) stop = true;
        }
        std::atomic<bool> stop = false;
        Phase when = Phase::kWindow;
    };
    for (const Phase when : {Phase::kWarmUp, Phase::kWindow}) {
        plan.warm_up = when == Phase::kWarmUp ? std::chrono::hours(1) : std::chrono::hours(0);
        plan.duration = std::chrono::hours(1);
        Stopper stopper;
        stopper.when = when;
        const Result<LoadResult> result = run_load(plan, stopper, stopper.stop);
        REQUIRE(result);
        check_books(*result);
        CHECK(result->interrupted);
        CHECK((result->requests.sent > 0) == (when == Phase::kWindow));
    }
}

} // namespace kvduel::load
