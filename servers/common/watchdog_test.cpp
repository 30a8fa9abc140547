#include "servers/common/watchdog.hpp"

#include "core/support/unique_fd.hpp"

#include <doctest/doctest.h>

#include <sys/socket.h>

#include <array>

namespace kvduel::servers {
namespace {

using namespace std::chrono_literals;

struct Pair {
    Pair() {
        std::array<int, 2> fds{};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()) == 0);
        ours.reset(fds[0]);
        theirs.reset(fds[1]);
    }
    ssize_t receive() {
        char byte = 0;
        return ::recv(ours.get(), &byte, 1, 0);
    }
    bool can_send() { return ::send(ours.get(), "x", 1, MSG_NOSIGNAL) == 1; }
    UniqueFd ours;
    UniqueFd theirs;
};

const TimePoint kStart = TimePoint{} + 100s;

} // namespace

TEST_CASE("a late reader sees the end of its stream and can still send; a late writer can do neither") {
    Watchdog watchdog;
    Pair reader;
    Pair writer;
    Enrolment reading(watchdog, reader.ours.get());
    Enrolment writing(watchdog, writer.ours.get());
    reading->set(Waiting::kReading, kStart + 10s);
    writing->set(Waiting::kWriting, kStart + 10s);

    watchdog.look(kStart + 9500ms);
    CHECK(reader.receive() == -1); // EAGAIN: still open
    CHECK_FALSE(reading->expired());
    watchdog.look(kStart + 10s + 8ns);
    CHECK(reading->expired());
    CHECK(reader.receive() == 0);
    CHECK(reader.can_send());
    CHECK(writing->expired());
    CHECK_FALSE(writer.can_send());
}

TEST_CASE("who is being served has no deadline, and a place is new when it is taken again") {
    Watchdog watchdog;
    Pair pair;
    {
        Enrolment watch(watchdog, pair.ours.get());
        watch->set(Waiting::kIdle, kStart);
        watch->clear();
        watchdog.look(kStart + 1s);
        CHECK_FALSE(watch->expired());
        watch->set(Waiting::kIdle, kStart);
        watchdog.look(kStart + 1500ms);
        CHECK(watch->expired());
    }
    Pair next;
    Enrolment again(watchdog, next.ours.get());
    CHECK_FALSE(again->expired());
    watchdog.look(kStart + 2s);
    CHECK_FALSE(again->expired());
}

TEST_CASE("after a freeze nobody is judged until the next look") {
    Watchdog watchdog;
    Pair pair;
    Enrolment watch(watchdog, pair.ours.get());
    watchdog.look(kStart);
    watch->set(Waiting::kReading, kStart + 1s);
    watchdog.look(kStart + 5s); // the process stood still for 5 s
    CHECK_FALSE(watch->expired());
    watchdog.look(kStart + 5250ms);
    CHECK(watch->expired());
}

TEST_CASE("a process that never looks in time judges every second time") {
    Watchdog watchdog;
    Pair pair;
    Enrolment watch(watchdog, pair.ours.get());
    watchdog.look(kStart);
    watch->set(Waiting::kReading, kStart + 1s);
    watchdog.look(kStart + 2s);
    CHECK_FALSE(watch->expired());
    watchdog.look(kStart + 4s);
    CHECK(watch->expired());
}

TEST_CASE("ending the idle spares who reads or writes; a cut spares nobody") {
    Watchdog watchdog;
    Pair idle;
    Pair busy;
    Enrolment waits(watchdog, idle.ours.get());
    Enrolment reads(watchdog, busy.ours.get());
    waits->set(Waiting::kIdle, kStart + 1h);
    reads->set(Waiting::kReading, kStart + 1h);
    watchdog.end_idle();
    CHECK(waits->expired());
    CHECK_FALSE(reads->expired());
    watchdog.cut_all();
    CHECK(reads->expired());
    CHECK_FALSE(busy.can_send());
}

TEST_CASE("an idle wait whose request has come is over, though nobody has read it yet") {
    Watchdog watchdog;
    Pair pair;
    Enrolment watch(watchdog, pair.ours.get());
    watch->set(Waiting::kIdle, kStart);
    REQUIRE(::send(pair.theirs.get(), "G", 1, 0) == 1);
    watchdog.end_idle();
    watchdog.look(kStart + 1s);
    CHECK_FALSE(watch->expired());
    CHECK(pair.receive() == 1);
    watchdog.end_idle();
    CHECK(watch->expired());
}

TEST_CASE("who was sent away while idle can still be given the time to take an answer") {
    Watchdog watchdog;
    Pair pair;
    Enrolment watch(watchdog, pair.ours.get());
    watch->set(Waiting::kIdle, kStart + 1h);
    watchdog.end_idle(); // just as a request came
    CHECK(watch->expired());
    CHECK_FALSE(watch->write_expired());
    watch->set(Waiting::kWriting, kStart + 1s);
    watchdog.look(kStart + 500ms);
    CHECK_FALSE(watch->write_expired());
    CHECK(pair.can_send());
    watchdog.look(kStart + 1001ms);
    CHECK(watch->write_expired());
    CHECK_FALSE(pair.can_send());
}

TEST_CASE("a wait that its owner has left meanwhile is not ended, and the next one stands") {
    Watch watch;
    watch.set(Waiting::kIdle, kStart);
    const std::int64_t judged = watch.word();
    watch.set(Waiting::kWriting, kStart + 1s);
    const std::int64_t next = watch.word();
    CHECK_FALSE(watch.take(judged));
    CHECK(watch.word() == next);
    CHECK(watch.take(next));
    CHECK(watch.word() == 0);
}

TEST_CASE("an abandoned connection is handed to its closer when its time is up, outside the lock") {
    static Watchdog* table = nullptr;
    static int closed = 0;
    Watchdog watchdog([](void* owner) {
        table->leave(static_cast<Watch*>(*static_cast<Watch**>(owner))); // would deadlock inside the lock
        ++closed;
    });
    table = &watchdog;
    closed = 0;
    Pair pair;
    Watch* watch = nullptr;
    watch = watchdog.enroll(pair.ours.get(), &watch);
    watch->abandon(kStart + 1s);
    watchdog.look(kStart + 500ms);
    CHECK(closed == 0);
    watchdog.look(kStart + 1001ms);
    CHECK(closed == 1);
    watchdog.look(kStart + 1500ms);
    CHECK(closed == 1);
}

} // namespace kvduel::servers
