#include "harness/load/slices.hpp"

#include "core/support/mutex.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

namespace kvduel::load {

namespace {

const std::atomic<bool> kGoOn = false;
const std::atomic<bool> kStopped = true;
constexpr Duration kLength = std::chrono::milliseconds(100);

/// What the seats did, in the order of time.
class Log {
public:
    void add(const std::string& what) {
        lines_.with_lock([&](std::vector<std::string>& lines) { lines.push_back(what); });
    }
    std::vector<std::string> lines() {
        return lines_.with_lock([](std::vector<std::string>& lines) { return lines; });
    }

private:
    Guarded<std::vector<std::string>> lines_;
};

} // namespace

TEST_CASE("seats have the slice in the order of their numbers, whoever comes first") {
    Slices slices(3, kLength);
    Log log;
    std::vector<std::jthread> threads;
    for (const unsigned seat : {2u, 1u, 0u})
        threads.emplace_back([&, seat] {
            for (int round = 0; round < 2; ++round) {
                REQUIRE(slices.take(seat, kGoOn));
                log.add(std::to_string(seat));
                slices.pass(seat);
            }
            slices.leave(seat);
        });
    threads.clear();
    CHECK(log.lines() == std::vector<std::string>{"0", "1", "2", "0", "1", "2"});
}

TEST_CASE("nobody begins before every seat has come or left") {
    Slices slices(2, kLength);
    Log log;
    {
        std::jthread first([&] {
            REQUIRE(slices.take(0, kGoOn));
            log.add("first begins");
            slices.leave(0);
        });
        std::jthread second([&] {
            log.add("second is not coming");
            slices.leave(1); // its server did not start
        });
    }
    CHECK(log.lines() == std::vector<std::string>{"second is not coming", "first begins"});
}

TEST_CASE("who is left alone has every slice") {
    Slices slices(2, kLength);
    slices.leave(1);
    for (int round = 0; round < 3; ++round) {
        CHECK(slices.take(0, kGoOn));
        slices.pass(0);
    }
}

TEST_CASE("who leaves with the slice in hand gives it away, and may leave again") {
    Slices slices(2, kLength);
    std::jthread second([&] {
        CHECK(slices.take(1, kGoOn));
        slices.leave(1);
    });
    CHECK(slices.take(0, kGoOn));
    slices.leave(0);
    slices.leave(0);
    slices.await_end(kGoOn); // returns: both have left
}

TEST_CASE("a stop ends every wait") {
    Slices slices(2, kLength);
    CHECK_FALSE(slices.take(0, kStopped));
    slices.await_end(kStopped);
}

TEST_CASE("the first slice of the first seat is half as long, so that a drift hits both alike") {
    const Slices slices(2, kLength);
    CHECK(slices.first_length(0) == kLength / 2);
    CHECK(slices.first_length(1) == kLength);
}

TEST_CASE("a seat leaves when it ends") {
    Slices slices(2, kLength);
    { SliceSeat gone(slices, 0); }
    CHECK(slices.take(1, kGoOn));
}

} // namespace kvduel::load
