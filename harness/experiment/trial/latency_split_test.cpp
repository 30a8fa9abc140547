#include "harness/experiment/trial/latency_split.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {

namespace {

TimeFigures mean_of(std::optional<double> us) {
    TimeFigures figures;
    figures.mean_us = us;
    return figures;
}

ServerFigures server_with(std::optional<double> queue_wait_us, std::optional<double> handler_us) {
    ServerFigures server;
    server.queue_wait.emplace().mean_us = queue_wait_us;
    server.handler.emplace().mean_us = handler_us;
    return server;
}

} // namespace

TEST_CASE("a closed loop's mean latency is queue wait, handler and rest") {
    const auto split = split_latency(mean_of(600), mean_of(600), server_with(150, 50));
    REQUIRE(split);
    CHECK(split->before_send_us == 0);
    CHECK(split->queue_wait_us == 150);
    CHECK(split->handler_us == 50);
    CHECK(split->rest_us == 400); // 600 - 150 - 50
}

TEST_CASE("an open loop's begins with the wait for a connection, from due to send") {
    const auto split = split_latency(mean_of(1'000), mean_of(700), server_with(20, 600));
    REQUIRE(split);
    CHECK(split->before_send_us == 300);
    CHECK(split->rest_us == 80);
    CHECK(split->before_send_us + split->queue_wait_us + split->handler_us + split->rest_us == 1'000);
}

TEST_CASE("without the server's part there is no split, nor with parts of other requests") {
    CHECK_FALSE(split_latency(mean_of(600), mean_of(600), ServerFigures{}));
    CHECK_FALSE(split_latency(mean_of(600), mean_of(600), server_with({}, 50)));
    CHECK_FALSE(split_latency(mean_of(600), mean_of(600), server_with(150, {})));
    CHECK_FALSE(split_latency(mean_of({}), mean_of({}), server_with(150, 50)));
    CHECK_FALSE(split_latency(mean_of(600), mean_of(600), server_with(500, 101)));
    CHECK(split_latency(mean_of(600), mean_of(600), server_with(500, 100)));
    CHECK_FALSE(split_latency(mean_of(599), mean_of(600), server_with(1, 1)));
}

} // namespace kvduel::experiment
