#include "harness/load/event_wait.hpp"

#include "core/support/unique_fd.hpp"

#include <doctest/doctest.h>
#include <sys/eventfd.h>

#include <array>

namespace kvduel::load {

namespace {

struct Watched {
    UniqueFd epoll{::epoll_create1(0)};
    UniqueFd signal{::eventfd(0, EFD_NONBLOCK)};
    std::array<epoll_event, 4> events{};

    Watched() {
        epoll_event event{.events = EPOLLIN, .data = {.u32 = 7}};
        ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, signal.get(), &event);
    }
    void raise() {
        const std::uint64_t one = 1;
        REQUIRE(::write(signal.get(), &one, sizeof one) == sizeof one);
    }
};

} // namespace

TEST_CASE("an event ends the wait, whatever its length, with nanoseconds or without") {
    for (const bool has_nanoseconds : {true, false})
        for (const Duration wait :
             {Duration(-5), Duration(0), Duration(1), Duration(std::chrono::hours(1))}) {
            Watched watched;
            EventWait waiting(has_nanoseconds);
            watched.raise();
            CHECK(waiting.wait(watched.epoll.get(), watched.events, wait) == 1);
            const std::uint32_t tag = watched.events[0].data.u32;
            CHECK(tag == 7);
        }
}

TEST_CASE("without an event a wait ends when it is over: not before it with nanoseconds, else rounded down") {
    EventWait::sharpen_timers();
    for (const bool has_nanoseconds : {true, false}) {
        Watched watched;
        EventWait waiting(has_nanoseconds);
        constexpr Duration kWait = std::chrono::microseconds(2'900);
        const TimePoint began = Clock::now();
        CHECK(waiting.wait(watched.epoll.get(), watched.events, kWait) == 0);
        CHECK(Clock::now() - began >= std::chrono::milliseconds(1));
        CHECK(waiting.wait(watched.epoll.get(), watched.events, Duration(-1)) == 0);
    }
}

TEST_CASE("an epoll that fails gives no events") {
    std::array<epoll_event, 4> events{};
    for (const bool has_nanoseconds : {true, false})
        CHECK(EventWait(has_nanoseconds).wait(-1, events, std::chrono::microseconds(1)) == 0);
}

} // namespace kvduel::load
