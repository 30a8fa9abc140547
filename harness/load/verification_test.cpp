#include "harness/load/load_for_test.hpp"

#include <doctest/doctest.h>

#include <map>

// Servers that answer well-formed lies.

namespace kvduel::load {

namespace {

using Request = ScriptedServer::Request;
using Answer = ScriptedServer::Answer;

/// A store that gives `lie(previous, current, other key's)` to every fifth GET of a key written more than
/// once.
class LyingStore {
public:
    using Lie = std::string (*)(const std::string& previous, const std::string& current,
                                const std::string& other);

    explicit LyingStore(Lie lie) : lie_(lie) {}

    Answer operator()(const Request& request) {
        if (request.method == "POST") {
            const std::size_t equals = request.body.find('=');
            auto& [previous, current] = values_[request.body.substr(0, equals)];
            previous = std::exchange(current, request.body.substr(equals + 1));
            return {ScriptedServer::ok("")};
        }
        const std::string key = request.target.substr(1);
        const auto& [previous, current] = values_[key];
        if (previous.empty() || ++reads_ % 5 != 0) return {ScriptedServer::ok(current)};
        ++lies_;
        const auto other = values_.begin()->first == key ? std::prev(values_.end()) : values_.begin();
        return {ScriptedServer::ok(lie_(previous, current, other->second.second))};
    }

    std::uint64_t lies() const { return lies_; }

private:
    Lie lie_;
    std::map<std::string, std::pair<std::string, std::string>> values_;
    std::uint64_t reads_ = 0;
    std::uint64_t lies_ = 0;
};

void check_caught(LyingStore::Lie lie) {
    LyingStore store(lie);
    ScriptedServer server([&](const Request& request) { return store(request); });
    Plan plan = plan_for(server);
    plan.connections = 1; // one after the other: every write is answered before the next read is sent
    plan.workload.keys = 5;
    plan.workload.mix = {.get = 0.5, .post = 0.5};
    const LoadResult result = run(plan);
    server.stop();
    check_books(result);
    CHECK(store.lies() > 0);
    CHECK(result.requests.errors.verification == store.lies());
    CHECK(result.requests.errors.total() == store.lies());
}

} // namespace

TEST_CASE("torn, stale, swapped, cut, longer and empty values are verification errors, each exactly") {
    using Text = const std::string&;
    check_caught([](Text previous, Text, Text) { return previous; });
    check_caught(
        [](Text previous, Text current, Text) { return current.substr(0, 40) + previous.substr(40); });
    check_caught([](Text, Text, Text other) { return other; });
    check_caught([](Text, Text current, Text) { return current.substr(1); });
    check_caught([](Text, Text current, Text) { return current + "A"; });
    check_caught([](Text, Text, Text) { return std::string(); });
    check_caught([](Text, Text current, Text) { return current + std::string(1 << 20, 'A'); });
}

TEST_CASE("values of other sizes are verified as well") {
    for (const std::size_t bytes : {0u, 1u, 8u, 16u, 1'000u, 100'000u}) {
        ScriptedStore store;
        ScriptedServer server([&](const Request& request) { return Answer{store(request)}; });
        Plan plan = plan_for(server);
        plan.workload.keys = 10;
        plan.workload.value_bytes = bytes;
        plan.workload.mix = {.get = 0.5, .post = 0.5};
        plan.threads = 2;
        const LoadResult result = run(plan);
        check_books(result);
        CHECK(result.requests.succeeded == result.requests.sent);
    }
}

TEST_CASE("a floor that gives one answer to everything is loaded without a preload or a look at its values") {
    std::uint64_t posts = 0;
    ScriptedServer server([&](const Request& request) -> Answer {
        posts += request.method == "POST" ? 1 : 0;
        return {ScriptedServer::ok("one for all")};
    });
    Plan plan = plan_for(server);
    plan.workload.mix = {.get = 1.0, .post = 0.0};
    plan.is_verified = false;
    const LoadResult result = run(plan);
    server.stop();
    check_books(result);
    CHECK(posts == 0);
    CHECK(result.requests.errors.total() == 0);
    CHECK(result.requests.succeeded > 0);
}

TEST_CASE("many connections that write and read one hot key raise no false alarm") {
    ScriptedStore store;
    ScriptedServer server([&](const Request& request) { return Answer{store(request)}; });
    Plan plan = plan_for(server);
    plan.connections = 16;
    plan.pipeline = 4;
    plan.threads = 2;
    plan.workload.keys = 2;
    plan.workload.mix = {.get = 0.5, .post = 0.5};
    const LoadResult result = run(plan);
    check_books(result);
    CHECK(result.requests.errors.total() == 0);
}

} // namespace kvduel::load
