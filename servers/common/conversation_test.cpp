#include "servers/common/desk_for_test.hpp"

#include <doctest/doctest.h>

#include <string>

namespace kvduel::servers {

using namespace std::chrono_literals;

TEST_CASE("a write is visible to the next request of the same segment, and both are answered in order") {
    Desk desk;
    desk.feed(put("k", "value") + get("k"));
    CHECK(desk.handled == 2);
    CHECK(desk.answers() == 2);
    CHECK(desk.sent.find("201 Created") < desk.sent.find("value"));
    CHECK(desk.last == Step::kReceive);
}

TEST_CASE("a body is the same value whether it came whole, in bytes or in chunks") {
    const std::string value(20'000, 'x');
    Desk desk;
    desk.feed(put("whole", value));
    const std::string request = put("bytes", value.substr(0, 300));
    for (const char byte : request) desk.feed({&byte, 1});
    desk.feed("PUT /chunks HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 20; ++i) desk.feed("3e8\r\n" + std::string(1'000, 'x') + "\r\n");
    desk.feed("0\r\n\r\n");
    CHECK(desk.answers() == 3);
    store::Store& store = *desk.service.store;
    CHECK(store.get(store.key("whole")).bytes() == value);
    CHECK(store.get(store.key("bytes")).bytes() == value.substr(0, 300));
    CHECK(store.get(store.key("chunks")).bytes() == value);
    CHECK(desk.service.bodies.used() == 0);
}

TEST_CASE("a body that never ends whole is not stored and leaves nothing charged") {
    Desk desk;
    desk.feed(put("k", std::string(50'000, 'x')).substr(0, 30'000));
    CHECK(desk.service.bodies.used() > 0);
    CHECK(desk.service.admission.in_flight() == 1);
    desk.conversation.received_end();
    desk.run();
    CHECK(desk.last == Step::kClose);
    CHECK(desk.sent.empty());
    CHECK(desk.service.store->usage().keys == 0);
}

TEST_CASE("above the cap a request is read, told 503 with Retry-After, and its connection stays") {
    Options options = small_options();
    options.max_in_flight = 1;
    Desk desk(options);
    auto taken = desk.service.admission.try_admit();
    desk.feed(put("k", "value"));
    CHECK(desk.has("503 Service Unavailable"));
    CHECK(desk.has("Retry-After: 1"));
    CHECK_FALSE(desk.has("Connection: close"));
    taken.reset();
    desk.feed(get("k"));
    CHECK(desk.has("404 Not Found")); // the refused write stored nothing
    CHECK(desk.lane.metrics().rejected[static_cast<std::size_t>(Rejection::kInFlight)].get() == 1);
}

TEST_CASE("where handlers cannot run, requests are shed but pages are answered") {
    Desk desk;
    desk.sheds = true;
    desk.feed(get("k") + "GET /-/health HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(desk.handled == 0);
    CHECK(desk.sent.find("503") < desk.sent.find("200 OK"));
    CHECK(desk.lane.metrics().rejected[static_cast<std::size_t>(Rejection::kQueue)].get() == 1);
    CHECK(desk.lane.metrics().pages.get() == 1);
}

TEST_CASE("a request admitted before its body came is shed when the body ends where handlers cannot run") {
    Desk desk;
    desk.feed("PUT /k HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n");
    CHECK(desk.service.admission.in_flight() == 1);
    desk.sheds = true;
    desk.feed("ok");
    CHECK(desk.has("503"));
    CHECK(desk.service.admission.in_flight() == 0);
    CHECK(desk.service.store->usage().keys == 0);
}

TEST_CASE("bodies over their common budget get a 503 that closes, and give all back") {
    Options options = small_options();
    options.max_memory_bytes = 400'000; // 100,000 for bodies
    Desk desk(options);
    desk.feed(put("k", std::string(300'000, 'x')).substr(0, 200'000));
    CHECK(desk.has("503 Service Unavailable"));
    CHECK(desk.has("Connection: close"));
    CHECK(desk.last == Step::kLinger);
    CHECK(desk.service.bodies.used() == 0);
    CHECK(desk.service.admission.in_flight() == 0);
}

TEST_CASE("sixteen pipelined answers are a turn; then others come first") {
    Desk desk;
    std::string many;
    for (int i = 0; i < 40; ++i) many += get("k");
    desk.feed(many);
    CHECK(desk.answers() == 40);
    CHECK(desk.yields == 2);
}

TEST_CASE("more than 64 KiB unsent stops the reading of requests until the peer reads") {
    Desk desk;
    desk.feed(put("k", std::string(50'000, 'x')));
    desk.sent.clear();
    desk.receive(get("k") + get("k") + get("k"));
    int handled = 0;
    Step step = Step::kReceive;
    while ((step = desk.conversation.advance(desk.lane, desk.now)) == Step::kHandle) {
        desk.conversation.handle(desk.lane, desk.now);
        ++handled;
    }
    CHECK(step == Step::kSend);
    CHECK(handled == 2);
    CHECK(desk.conversation.waiting() == Waiting::kWriting);
    desk.run();
    CHECK(desk.answers() == 3);
}

TEST_CASE("each wait has its own deadline") {
    Desk desk;
    const Options& options = desk.service.options;
    CHECK(desk.conversation.waiting() == Waiting::kIdle);
    CHECK(desk.conversation.deadline(desk.now) == desk.now + options.idle_timeout);

    const TimePoint first_byte = desk.now;
    desk.feed("PUT /k HTTP/1.1\r\n");
    desk.now += 3s;
    desk.feed("Host: h\r\n");
    CHECK(desk.conversation.waiting() == Waiting::kReading);
    CHECK(desk.conversation.deadline(desk.now) == first_byte + options.header_timeout);

    const TimePoint body_begins = desk.now;
    desk.feed("Content-Length: 20000\r\n\r\n");
    desk.now += 1s;
    desk.feed(std::string(16 * 1024, 'x')); // a second's worth at the slowest rate allowed
    CHECK(desk.conversation.deadline(desk.now) > body_begins + options.header_timeout + 990ms);
    CHECK(desk.conversation.deadline(desk.now) < body_begins + options.header_timeout + 1010ms);
}

TEST_CASE("the time for what stands behind a slow handler begins when that has answered") {
    Desk desk;
    desk.now = Clock::now() - 12s; // longer than a head may take; the answer is made now
    desk.feed(get("k") + "PUT /k HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    REQUIRE(desk.has("100 Continue"));
    CHECK(desk.conversation.deadline(Clock::now()) > Clock::now());
    Desk half;
    half.now = Clock::now() - 12s;
    half.feed(get("k") + "GET /k HT");
    CHECK(half.conversation.deadline(Clock::now()) > Clock::now());
}

TEST_CASE("the time to take an answer begins anew once all that was unsent is gone") {
    Desk desk;
    desk.feed(put("k", std::string(50'000, 'x')));
    desk.now = Clock::now() + 1s; // from here on later than what handle() reads
    desk.answer(get("k"));
    const TimePoint first = desk.now;
    CHECK(desk.conversation.deadline(desk.now) == first + desk.service.options.write_timeout);
    const std::size_t size = desk.conversation.output().unsent();
    desk.take_output();
    desk.conversation.sent(size);
    desk.now += 3s;
    desk.answer(get("k"));
    CHECK(desk.conversation.deadline(desk.now) == first + 3s + desk.service.options.write_timeout);
}

TEST_CASE("an expired wait ends by what it waited for: silence, 408, or a reset") {
    Desk idle;
    CHECK(idle.conversation.expire(idle.lane, idle.now) == Step::kClose);

    Desk slow;
    slow.feed("GET /k HT");
    CHECK(slow.conversation.expire(slow.lane, slow.now) == Step::kSend);
    slow.run();
    CHECK(slow.has("408 Request Timeout"));
    CHECK(slow.has("Connection: close"));
    CHECK(slow.last == Step::kLinger);
    CHECK(slow.lane.metrics().deadlines[static_cast<std::size_t>(Deadline::kHeader)].get() == 1);

    Desk unread;
    unread.answer(get("k"));
    CHECK(unread.conversation.expire(unread.lane, unread.now) == Step::kReset);
}

TEST_CASE("a HEAD that is too slow is told so without a body") {
    for (const char* start : {"HEAD /k HT", "\r\nHEAD /k HTTP/1.1\r\nHost: h\r\n",
                              "HEAD /k HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhe",
                              "HEAD /a/b HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhe"}) {
        CAPTURE(start);
        Desk desk;
        desk.feed(start);
        REQUIRE(desk.conversation.expire(desk.lane, desk.now) == Step::kSend);
        desk.run();
        CHECK(desk.has("408 Request Timeout"));
        CHECK(desk.sent.ends_with("\r\n\r\n"));
    }
}

TEST_CASE("while the server drains, every answer closes its connection") {
    Desk desk;
    desk.service.is_draining = true;
    desk.feed(get("k"));
    CHECK(desk.has("404"));
    CHECK(desk.has("Connection: close"));
    CHECK(desk.last == Step::kClose);
}

TEST_CASE("an expected continue is sent once whether the body is there already or not; a known refusal needs "
          "none") {
    const std::string head =
        "PUT /k HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    Desk whole;
    whole.feed(head + "ok");
    Desk cut;
    cut.feed(head);
    CHECK(cut.sent == http::kContinueResponse);
    cut.feed("ok");
    CHECK(cut.sent.substr(0, 60) == whole.sent.substr(0, 60));
    CHECK(whole.has("201 Created"));

    Desk refused;
    refused.feed("PATCH /k HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    CHECK(refused.has("405 Method Not Allowed"));
    CHECK_FALSE(refused.has("100 Continue"));
    CHECK(refused.last == Step::kLinger);
}

TEST_CASE("what follows a refusal that closes is not carried out") {
    Desk desk;
    desk.feed(get("a") + "GET /b HTTP/1.1\r\nHost: a b\r\n\r\n" + put("c", "v"));
    CHECK(desk.answers() == 2);
    CHECK(desk.has("400 Bad Request"));
    CHECK(desk.last == Step::kLinger);
    CHECK(desk.service.store->usage().keys == 0);
}

} // namespace kvduel::servers
