#include "harness/load/pool.hpp"

#include "harness/load/hand_server_for_test.hpp"
#include "harness/load/trial.hpp"

#include <doctest/doctest.h>

namespace kvduel::load {

namespace {

constexpr std::string_view kEmptyOk = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

Plan make_plan(const HandServer& server, std::size_t value_bytes) {
    Plan plan;
    plan.target.port = server.port();
    plan.workload.keys = 1;
    plan.workload.value_bytes = value_bytes;
    plan.workload.mix = {.get = 0, .post = 1};
    return plan;
}

PoolOptions complete(PoolOptions wanted, const Address& address) {
    wanted.address = address;
    wanted.timeout = std::chrono::seconds(60);
    return wanted;
}

/// One connection in a closed loop of an hour, its loop turned by hand. Only POSTs.
struct HandTrial {
    explicit HandTrial(const HandServer& server, std::size_t value_bytes = 16, PoolOptions wanted = {})
        : plan(make_plan(server, value_bytes)), pool(complete(std::move(wanted), address), trial) {
        tally.reserve(std::chrono::hours(1));
        const TimePoint start = Clock::now();
        trial.begin(start, start, start + std::chrono::hours(1));
        REQUIRE(pool.start_epoll());
        pool.run(start);
    }
    void turn() { pool.turn(Clock::now(), Clock::now()); }
    LoadResult close() {
        pool.abandon([&](const Exchange& left) { tally.ended(left, End::kInFlight, 0, Clock::now()); });
        return tally.close();
    }

    Plan plan;
    Address address = *make_address(plan.target);
    TrialShared shared{plan, address.text};
    Tally tally;
    Trial trial{shared, 0, tally};
    Pool<Trial> pool;
};

} // namespace

// A server at its limit accepts and hangs up, often before the generator looks. The request that waited for
// that connection was in no book: not sent, not unsent, no error.
TEST_CASE("a request whose connection is closed before it could leave failed to connect") {
    for (const std::string_view first_words : {"", "HTTP/1.1 503 Full\r\nConnection: close\r\n\r\n"}) {
        HandServer server;
        HandTrial load(server);
        server.accept();
        server.send(first_words);
        server.close();
        load.turn();
        CHECK(load.pool.in_flight() == 0);
        const LoadResult result = load.close();
        CHECK(result.requests.errors.connect == 1);
        CHECK(result.requests.sent == 1);
        CHECK(result.sent_all_phases == 0);
        CHECK_FALSE(result.first_error.empty());
    }
}

TEST_CASE("a close that comes with a whole answer ends the connection, not the next request") {
    HandServer server;
    HandTrial load(server);
    server.accept();
    load.turn();
    for (const int answers : {1, 2, 3}) {
        CHECK(load.pool.in_flight() == 1);
        CHECK(server.read(4'096) > 0); // what is unread would make the close a reset
        server.send(kEmptyOk);
        server.close();
        load.turn();
        CHECK(load.tally.live().succeeded == static_cast<std::uint64_t>(answers));
        server.accept();
        load.turn();
    }
    const LoadResult result = load.close();
    CHECK(result.requests.succeeded == 3);
    CHECK(result.requests.errors.total() == 0);
    CHECK(result.connections_opened == 4);
}

// Each answer let the next request go, and what the kernel did not take was kept: a server that answers and
// never reads had the generator's memory grow as fast as it answered.
TEST_CASE("a server that answers without reading gets no request beyond the first that cannot leave") {
    constexpr std::size_t kValueBytes = 1 << 20;
    constexpr int kFarTooMany = 100;
    HandServer server;
    HandTrial load(server, kValueBytes);
    server.accept();
    load.turn();
    int answers = 0;
    for (; load.pool.in_flight() == 1 && answers < kFarTooMany; ++answers) {
        server.send(kEmptyOk);
        load.turn();
    }
    CHECK(answers > 1);
    REQUIRE(answers < kFarTooMany);

    // Once it reads, the load goes on.
    for (int i = 0; i < 1'000 && load.pool.in_flight() == 0; ++i) {
        server.read(kValueBytes);
        load.turn();
    }
    CHECK(load.pool.in_flight() == 1);
    const LoadResult result = load.close();
    CHECK(result.requests.succeeded == static_cast<std::uint64_t>(answers));
    CHECK(result.requests.errors.total() == 0);
}

// All but the first that left were told to have waited for a connection, since one became free after the
// stall: the generator's own stall stood in P99 of a trial that was called sound.
TEST_CASE("what was due in a stall of the generator is late by as long as a connection was free") {
    HandServer server;
    Plan plan = make_plan(server, 16);
    plan.connections = 1;
    plan.rate_per_s = 1'000;
    const Address address = *make_address(plan.target);
    TrialShared shared{plan, address.text};
    Tally tally;
    Trial trial{shared, 0, tally};
    PoolOptions wanted;
    wanted.schedule = trial.schedule();
    Pool<Trial> pool(complete(wanted, address), trial);
    tally.reserve(std::chrono::hours(1));
    REQUIRE(pool.start_epoll());
    pool.run(OwnClock::now());
    server.accept();
    const auto turn = [&] { pool.turn(OwnClock::now(), OwnClock::now()); };
    while (pool.open_connections() == 0) turn();

    constexpr Duration kStall = std::chrono::milliseconds(10);
    const TimePoint start = OwnClock::now();
    trial.begin(start, start, start + kStall);
    OwnClock::skip(-kStall); // so much of this thread's time passes here
    while (tally.live().succeeded < 10) {
        turn();
        if (server.read(4'096) > 0) server.send(kEmptyOk);
    }
    pool.abandon([](const Exchange&) {});
    const LoadResult result = tally.close();
    OwnClock::skip(kStall);
    CHECK(result.requests.sent == 10);
    CHECK(result.requests.waited_for_connection == 0);
    CHECK(result.send_lateness.count() == 10);
    CHECK(result.send_lateness.quantile(0.5) >= 4'000'000);
}

TEST_CASE("a connection that was asked to close is closed by us if the server does not say that it will, and "
          "its port is left behind") {
    HandServer server;
    PoolOptions churn;
    churn.requests_per_connection = 1;
    churn.ports_per_source = 2;
    HandTrial load(server, 16, churn);
    for (const char* source : {"127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.2", "127.0.0.3"}) {
        server.accept();
        CHECK(server.peer_address() == source);
        load.turn();
        CHECK(server.read(4'096) > 0);
        server.send(kEmptyOk);
        load.turn();
    }
    server.accept(); // the next stands already: no wait for the server
    CHECK(load.close().requests.succeeded == 5);
}

} // namespace kvduel::load
