#include "harness/load/background/malformed.hpp"
#include "harness/load/load_for_test.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <utility>

// Backgrounds from end to end, against scripted servers. Windows are by the clock, so nothing here expects a
// number of requests; what is exact is that every book, the server's included, tells the same number.

namespace kvduel::load {

namespace {

using Request = ScriptedServer::Request;
using Answer = ScriptedServer::Answer;
using After = ScriptedServer::After;

Plan plan_with(const ScriptedServer& server, BackgroundKind kind, unsigned connections) {
    Plan plan = plan_for(server);
    plan.workload.mix = {.get = 1, .post = 0};
    plan.background = {{kind, connections}};
    return plan;
}

/// Ends the window once `enough` of it was seen. A background runs when nobody else does: beside other
/// programs it may get no turn in a short window, and how long it needs nobody knows.
class UntilSeen : public Observer {
public:
    explicit UntilSeen(std::function<bool()> enough) : enough_(std::move(enough)) {}
    void phase(Phase phase) override { is_window_ = phase == Phase::kWindow; }
    void tick(const Live&) override {
        if (is_window_ && enough_()) stop_ = true;
    }
    const std::atomic<bool>& stop() const noexcept { return stop_; }

private:
    std::function<bool()> enough_;
    bool is_window_ = false;
    std::atomic<bool> stop_ = false;
};

/// What the server saw lies between what both sides say.
void check_counts(const LoadResult& result, std::uint64_t served) {
    std::uint64_t least = result.completed_all_phases;
    std::uint64_t most = result.sent_all_phases;
    for (const BackgroundResult& one : result.background) {
        least += one.completed_all_phases;
        most += one.sent_all_phases - one.dropped_all_phases;
        CHECK(one.completed_all_phases + one.dropped_all_phases <= one.sent_all_phases);
    }
    CHECK(served >= least);
    CHECK(served <= most);
}

} // namespace

TEST_CASE(
    "idle connections ask once before the window, are held through it, and are in no figure of the load") {
    ScriptedStore store;
    ScriptedServer server([&](const Request& request) { return Answer{store(request)}; });
    const LoadResult result = run(plan_with(server, BackgroundKind::kIdle, 300));
    check_books(result);
    REQUIRE(result.background.size() == 1);
    const BackgroundResult& idle = result.background[0];
    CHECK(idle.held_min == 300);
    CHECK(idle.opened == 300);
    CHECK(idle.sent_all_phases == 300);
    CHECK(idle.completed_all_phases == 300);
    CHECK(idle.requests_sent == 0);
    CHECK(idle.bytes_sent == 0);
    CHECK(idle.closed_by_server == 0);
    CHECK(result.requests.succeeded == result.requests.sent);
    CHECK(server.requests() == result.sent_all_phases + 300);
    CHECK(server.connections() == result.connections_opened + 300);
}

TEST_CASE("a server that closes idle connections is seen to: they are not opened again") {
    ScriptedStore store;
    ScriptedServer server([&](const Request& request) {
        return Answer{store(request), request.target == "/x" ? After::kFinish : After::kKeep};
    });
    Plan plan = plan_with(server, BackgroundKind::kIdle, 20);
    plan.workload.path = "/x";
    plan.expect_status = 404;
    const LoadResult result = run(plan);
    check_books(result);
    const BackgroundResult& idle = result.background[0];
    CHECK(idle.held_min == 0);
    CHECK(idle.opened == 20);
    CHECK(idle.closed_by_server == 20);
    CHECK(idle.sent_all_phases == 20);
}

TEST_CASE("slow readers ask for many values and leave the most of them with the server") {
    const std::string value(4'000, 'v');
    ScriptedServer server([&](const Request&) { return Answer{ScriptedServer::ok(value)}; });
    Plan plan = plan_with(server, BackgroundKind::kSlowReaders, 3);
    plan.workload.path = "/big";
    plan.workload.value_bytes = value.size();
    plan.duration = std::chrono::seconds(2);
    const LoadResult result = run(plan);
    check_books(result);
    const BackgroundResult& readers = result.background[0];
    CHECK(readers.held_min == 3);
    CHECK(readers.sent_all_phases > 3);
    CHECK(readers.bytes_received > 0);
    CHECK(readers.bytes_received <= 3 * 512 * 22); // a piece each 100 ms, and the ends of the window
    CHECK(readers.completed_all_phases == readers.sent_all_phases); // the rest was read after the load
    CHECK(server.requests() == result.sent_all_phases + readers.sent_all_phases);
}

TEST_CASE("slow senders send a byte at a time, so that a request takes longer than a short window") {
    ScriptedStore store;
    ScriptedServer server([&](const Request& request) { return Answer{store(request)}; });
    Plan plan = plan_with(server, BackgroundKind::kSlowSenders, 4);
    plan.duration = std::chrono::seconds(2);
    const LoadResult result = run(plan);
    check_books(result);
    const BackgroundResult& senders = result.background[0];
    CHECK(senders.held_min == 4);
    CHECK(senders.sent_all_phases == 4);
    CHECK(senders.completed_all_phases == 0);
    CHECK(senders.bytes_sent > 0);
    CHECK(senders.bytes_sent < 1'000); // two heads of POSTs and a few bytes
    check_counts(result, server.requests());
}

TEST_CASE("noise sends malformed requests in a closed loop, its answers counted by status and apart") {
    ScriptedStore store;
    std::atomic<std::uint64_t> refused = 0;
    ScriptedServer server([&](const Request& request) {
        if (request.target.starts_with("/key-") || request.body.starts_with("key-"))
            return Answer{store(request)};
        ++refused;
        return Answer{ScriptedServer::status(400), After::kFinish};
    });
    Plan plan = plan_with(server, BackgroundKind::kNoise, 4);
    plan.timeout = std::chrono::milliseconds(500); // shapes that the script takes for unfinished ones
    plan.duration = std::chrono::seconds(60);
    UntilSeen seen([&, before = std::optional<std::uint64_t>()]() mutable {
        if (!before) before = refused;
        return refused >= *before + 16; // four on each connection: at least three of them were read
    });
    Result<LoadResult> outcome = run_load(plan, seen, seen.stop());
    REQUIRE_MESSAGE(outcome, (outcome ? std::string() : message(outcome.error())));
    const LoadResult& result = *outcome;
    CHECK(result.requests.errors.status == 0);
    CHECK(result.requests.errors.verification == 0);
    const BackgroundResult& noise = result.background[0];
    CHECK(noise.requests_sent > 0);
    CHECK(noise.answers.contains(400));
    CHECK(noise.opened > 4);
    CHECK(noise.closed_by_server > 0);
}

TEST_CASE("several backgrounds run beside one another, each with its own books") {
    ScriptedStore store;
    ScriptedServer server([&](const Request& request) { return Answer{store(request)}; });
    Plan plan = plan_with(server, BackgroundKind::kIdle, 10);
    plan.background.push_back({BackgroundKind::kSlowSenders, 3});
    plan.background.push_back({BackgroundKind::kIdle, 5});
    const LoadResult result = run(plan);
    check_books(result);
    REQUIRE(result.background.size() == 3);
    CHECK(result.background[0].held_min == 10);
    CHECK(result.background[1].held_min == 3);
    CHECK(result.background[2].held_min == 5);
    check_counts(result, server.requests());
}

TEST_CASE("a server that ignores the wish to close costs no wait: the client closes after its last answer") {
    ScriptedStore store;
    ScriptedServer server([&](const Request& request) { return Answer{store(request)}; }); // never closes
    Plan plan = plan_for(server);
    plan.requests_per_connection = 1;
    plan.workload.preload = false;
    plan.workload.mix = {.get = 0, .post = 1};
    const LoadResult result = run(plan);
    check_books(result);
    CHECK(result.requests.succeeded == result.requests.sent);
    CHECK(result.connections_opened > 4 * 2); // of 4 connections, each would have stalled after one
}

TEST_CASE("noise has the shapes that its seed names, and each of them comes") {
    const auto shapes = make_malformed("127.0.0.1:1");
    std::vector<int> drawn(shapes.size());
    for (std::uint64_t n = 0; n < 100 * shapes.size(); ++n) ++drawn[malformed_index(1, 2, n, shapes.size())];
    for (const int times : drawn) CHECK(times > 0);
    CHECK(malformed_index(1, 2, 3, 1'000'000) == malformed_index(1, 2, 3, 1'000'000));
    CHECK(malformed_index(1, 2, 3, 1'000'000) != malformed_index(2, 2, 3, 1'000'000));
}

} // namespace kvduel::load
