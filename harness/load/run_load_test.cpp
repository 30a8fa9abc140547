#include "harness/load/run_load.hpp"

#include "core/support/unique_fd.hpp"
#include "harness/load/load_for_test.hpp"
#include "harness/load/stream_names.hpp"
#include "harness/workload/request_stream.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

// A trial from end to end against a server that behaves. Windows are short and by the clock, so nothing here
// expects a number of requests; what is exact is that every book, the server's included, tells the same
// number.

namespace kvduel::load {

using Request = ScriptedServer::Request;
using Answer = ScriptedServer::Answer;

TEST_CASE("against a good server everything succeeds, and the server counts what was sent") {
    for (const unsigned threads : {1u, 3u}) {
        ScriptedStore store;
        ScriptedServer server([&](const Request& request) { return Answer{store(request)}; });
        Plan plan = plan_for(server);
        plan.threads = threads;
        plan.connections = 7;
        plan.workload.mix = {.get = 0.5, .post = 0.5};
        const LoadResult result = run(plan);
        check_books(result);
        CHECK(result.requests.succeeded > 0);
        CHECK(result.requests.succeeded == result.requests.sent);
        CHECK(result.sent_all_phases == server.requests());
        CHECK(result.completed_all_phases == server.requests());
        CHECK(result.connections_opened == server.connections());
        CHECK(result.status_counts.at(200) == result.requests.completed);
        CHECK(result.first_error.empty());
        CHECK(result.bytes_sent > 0);
        CHECK(result.bytes_received > 0);
        CHECK_FALSE(result.interrupted);
    }
}

TEST_CASE("a trial takes away no descriptor of its process, and leaves it none") {
    const auto descriptors = [] {
        std::map<std::string, std::string> open;
        for (const auto& entry : std::filesystem::directory_iterator("/proc/thread-self/fd")) {
            std::error_code gone; // the iterator's own is, by now
            const auto target = std::filesystem::read_symlink(entry.path(), gone);
            if (!gone && target.string().find("/proc/") != 0) open[entry.path().filename()] = target;
        }
        return open;
    };
    std::map<std::string, std::string> before;
    std::map<std::string, std::string> after;
    {
        const UniqueFd kept(::open("/", O_RDONLY | O_CLOEXEC));
        before = descriptors();
        {
            ScriptedServer server([](const Request&) { return Answer{ScriptedServer::ok("x")}; });
            Plan plan = plan_for(server);
            plan.threads = 2;
            plan.workload.path = "/k";
            CHECK(run(plan).requests.succeeded > 0);
        }
        after = descriptors();
    }
    CHECK(before.size() > 0);
    CHECK(before == after);
}

TEST_CASE("the preload writes every key once and reads a sample back, outside the counts") {
    std::map<std::string, int> written;
    ScriptedStore store;
    ScriptedServer server([&](const Request& request) {
        if (request.method == "POST") ++written[request.body.substr(0, 16)];
        return Answer{store(request)};
    });
    Plan plan = plan_for(server);
    plan.threads = 2;
    plan.workload.keys = 501;
    plan.workload.mix = {.get = 1, .post = 0};
    struct Watcher : Observer {
        void phase(Phase phase) override {
            if (phase == Phase::kConnect) at_connect = server->requests();
        }
        ScriptedServer* server = nullptr;
        std::uint64_t at_connect = 0;
    } watcher;
    watcher.server = &server;
    const LoadResult result = run(plan, watcher);
    server.stop();
    const std::uint64_t of_preload = 501 + 2 * 64;
    CHECK(watcher.at_connect == of_preload);
    CHECK(written.size() == 501);
    for (const auto& [key, times] : written) CHECK(times == 1);
    CHECK(result.sent_all_phases == result.requests.sent + of_preload);
    check_books(result);
}

TEST_CASE("warm-up requests are sent but not counted") {
    ScriptedStore store;
    ScriptedServer server([&](const Request& request) { return Answer{store(request)}; });
    Plan plan = plan_for(server);
    plan.warm_up = std::chrono::milliseconds(50);
    plan.workload.preload = false;
    plan.expect_status = 404;
    const LoadResult result = run(plan);
    check_books(result);
    CHECK(result.sent_all_phases == server.requests());
    CHECK(result.requests.sent < server.requests());
    CHECK(result.requests.succeeded == result.requests.sent);
    CHECK(result.status_counts.at(404) == result.requests.completed);
}

TEST_CASE("a pipeline keeps that many requests in flight and loses none") {
    ScriptedStore store;
    ScriptedServer server([&](const Request& request) { return Answer{store(request)}; });
    Plan plan = plan_for(server);
    plan.connections = 2;
    plan.pipeline = 8;
    plan.workload.preload = false;
    plan.workload.mix = {.get = 0, .post = 1};
    const LoadResult result = run(plan);
    check_books(result);
    CHECK(result.requests.succeeded == result.requests.sent);
    CHECK(server.deepest_batch() == 8);
    CHECK(server.connections() == 2);
}

TEST_CASE("with a limit of requests per connection the last asks for the close, and none is lost") {
    std::uint64_t wrong_asks = 0;
    ScriptedStore store;
    ScriptedServer server([&](const Request& request) {
        wrong_asks += request.asks_close == (request.index == 2) ? 0 : 1;
        return Answer{store(request),
                      request.asks_close ? ScriptedServer::After::kFinish : ScriptedServer::After::kKeep};
    });
    for (const unsigned pipeline : {1u, 2u}) {
        Plan plan = plan_for(server);
        plan.pipeline = pipeline;
        plan.requests_per_connection = 3;
        plan.workload.preload = false;
        plan.workload.mix = {.get = 0, .post = 1};
        const LoadResult result = run(plan);
        check_books(result);
        CHECK(result.requests.succeeded == result.requests.sent);
        CHECK(result.connections_opened >= result.sent_all_phases / 3);
    }
    server.stop();
    CHECK(wrong_asks == 0);
}

TEST_CASE("a server that closes after every answer, and says so, causes no error") {
    ScriptedServer server([&](const Request&) {
        return Answer{ScriptedServer::ok("x", "Connection: close\r\n"), ScriptedServer::After::kFinish};
    });
    Plan plan = plan_for(server);
    plan.workload.path = "/";
    const LoadResult result = run(plan);
    check_books(result);
    CHECK(result.requests.succeeded == result.requests.sent);
    CHECK(result.sent_all_phases == server.requests());
    CHECK(result.connections_opened >= result.sent_all_phases);
}

TEST_CASE("an answer that ends with the connection is whole, also if it is more than a turn reads") {
    for (const std::size_t bytes : {std::size_t{13}, std::size_t{3} << 20}) {
        const std::string body(bytes, 'x');
        ScriptedServer server([&](const Request&) {
            return Answer{"HTTP/1.1 200 OK\r\n\r\n" + body, ScriptedServer::After::kFinish};
        });
        Plan plan = plan_for(server);
        plan.workload.path = "/";
        const LoadResult result = run(plan);
        check_books(result);
        CHECK(result.requests.succeeded > 0);
        CHECK(result.requests.succeeded == result.requests.sent);
    }
}

TEST_CASE("answers that come a byte a segment are read and verified all the same") {
    ScriptedStore store;
    ScriptedServer server([&](const Request& request) {
        return Answer{.bytes = store(request), .after = ScriptedServer::After::kKeep, .in_pieces = true};
    });
    Plan plan = plan_for(server);
    plan.workload.keys = 10;
    plan.workload.mix = {.get = 0.5, .post = 0.5};
    const LoadResult result = run(plan);
    check_books(result);
    CHECK(result.requests.succeeded == result.requests.sent);
}

TEST_CASE("requests and values larger than any socket buffer go out and come back whole") {
    ScriptedStore store;
    ScriptedServer server([&](const Request& request) { return Answer{store(request)}; });
    Plan plan = plan_for(server);
    plan.connections = 2;
    plan.pipeline = 2;
    plan.workload.keys = 4;
    plan.workload.value_bytes = 6 << 20;
    plan.workload.mix = {.get = 0.5, .post = 0.5};
    const LoadResult result = run(plan);
    check_books(result);
    CHECK(result.requests.succeeded > 0);
    CHECK(result.requests.succeeded == result.requests.sent);
}

TEST_CASE("phases come in order, and ticks between them tell the phase") {
    ScriptedStore store;
    ScriptedServer server([&](const Request& request) { return Answer{store(request)}; });
    Plan plan = plan_for(server);
    plan.warm_up = std::chrono::milliseconds(150);
    struct Watcher : Observer {
        void phase(Phase phase) override { phases.push_back(phase); }
        void tick(const Live& live) override { is_same = is_same && live.phase == phases.back(); }
        std::vector<Phase> phases;
        bool is_same = true;
    } watcher;
    run(plan, watcher);
    CHECK(watcher.phases == std::vector{Phase::kPreload, Phase::kConnect, Phase::kWarmUp, Phase::kWindow,
                                        Phase::kDrain, Phase::kDone});
    CHECK(watcher.is_same);
}

TEST_CASE("what is sent is what the seed names: the beginning of each thread's stream, whole and in no other "
          "share") {
    std::map<std::uint64_t, std::map<std::uint64_t, int>> written; // by thread, by key
    ScriptedServer server([&](const Request& request) {
        const std::uint64_t key = std::stoull(request.body.substr(4, 12));
        ++written[key % 2][key]; // only its owner writes a key
        return Answer{ScriptedServer::ok("")};
    });
    Plan plan = plan_for(server);
    plan.threads = 2;
    plan.pipeline = 3;
    plan.workload.preload = false;
    plan.workload.mix = {.get = 0, .post = 1};
    const LoadResult result = run(plan);
    server.stop();
    CHECK(result.requests.sent == server.requests());
    for (std::uint64_t thread = 0; thread < 2; ++thread) {
        const workload::RequestStream stream(plan.workload, workload::Seed(plan.seed), kWindowStream, thread,
                                             2);
        int sent = 0;
        for (const auto& [key, times] : written[thread]) sent += times;
        std::map<std::uint64_t, int> named;
        for (int i = 0; i < sent; ++i) ++named[stream.at(static_cast<std::uint64_t>(i)).key];
        CHECK(sent > 0);
        CHECK(named == written[thread]);
    }
}

TEST_CASE("equal seeds send equal requests, another seed others") {
    const auto run_with = [](std::uint64_t seed) {
        std::vector<std::string> first_requests;
        ScriptedServer server([&](const Request& request) {
            if (first_requests.size() < 20)
                first_requests.push_back(request.method + request.target + request.body);
            return Answer{ScriptedServer::ok("")};
        });
        Plan plan = plan_for(server);
        plan.connections = 1;
        plan.workload.preload = false;
        plan.workload.mix = {.get = 0.5, .post = 0.5};
        plan.seed = seed;
        const LoadResult result = run(plan);
        server.stop();
        return std::pair(result.request_digest, first_requests);
    };
    const auto first = run_with(1);
    CHECK(first == run_with(1));
    const auto other = run_with(2);
    CHECK(first.first != other.first);
    CHECK(first.second != other.second);
}

} // namespace kvduel::load
