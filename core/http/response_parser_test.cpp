#include "core/http/response_parser.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace kvduel::http {

namespace {

using State = ResponseParser::State;

struct Outcome {
    State state = State::kNeedMore;
    std::size_t consumed = 0;
    int status = 0;
    bool closes = false;
    std::string body;
    std::uint64_t body_size = 0;

    bool operator==(const Outcome&) const = default;
};

/// Feeds `pieces` in turn, each in memory of its own, so that a view kept too long is seen by the sanitizer.
Outcome parse_pieces(const std::vector<std::string>& pieces, bool head_only = false,
                     ResponseLimits limits = {}) {
    ResponseParser parser(limits);
    parser.start(head_only);
    Outcome outcome;
    for (const std::string& piece : pieces) {
        const std::string copy = piece;
        const auto parsed = parser.parse(copy);
        outcome.state = parsed.state;
        outcome.consumed += parsed.consumed;
        if (parsed.state == State::kNeedMore) continue;
        if (parsed.state == State::kFault) return {State::kFault, 0, 0, false, {}, 0};
        const Response& response = parser.response();
        outcome.status = response.status;
        outcome.closes = response.closes;
        outcome.body = response.body;
        outcome.body_size = response.body_size;
        break;
    }
    return outcome;
}

Outcome parse_whole(const std::string& text, bool head_only = false) {
    return parse_pieces({text}, head_only);
}

const std::string kPlain = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const std::string kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
                             "3;name=\"a;b\"\r\nhel\r\n00002 ;x\r\nlo\r\n0\r\nTrailer: 1\r\n\r\n";
const std::string kInterim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                             "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: x, CLOSE\r\n\r\n";

} // namespace

TEST_CASE("a whole answer by length is read in place") {
    ResponseParser parser({});
    parser.start(false);
    const std::string text = kPlain + "HTTP/1.1";
    const auto parsed = parser.parse(text);
    CHECK(parsed.state == State::kDone);
    CHECK(parsed.consumed == kPlain.size());
    CHECK(parser.response().status == 200);
    CHECK(parser.response().body == "hello");
    CHECK(parser.response().body.data() == text.data() + kPlain.size() - 5);
    CHECK_FALSE(parser.response().closes);
}

TEST_CASE("good answers are read to their last byte and no further") {
    struct Row {
        std::string text;
        bool head_only;
        int status;
        bool closes;
        std::string body;
    };
    const std::string head = "HTTP/1.1 200 OK\r\n";
    for (const Row& row : std::vector<Row>{
             {kPlain, false, 200, false, "hello"},
             {kChunked, false, 200, false, "hello"},
             {kInterim, false, 404, true, ""},
             {"HTTP/1.1 204 No Content\r\n\r\n", false, 204, false, ""},
             {"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", false, 304, false, ""},
             {head + "Content-Length: 5\r\n\r\n", true, 200, false, ""},
             {head + "Transfer-Encoding: chunked\r\n\r\n", true, 200, false, ""},
             {"HTTP/1.1 200 \r\ncontent-length:0\r\n\r\n", false, 200, false, ""},
             {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", false, 200, true, "x"},
             {"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\nx", false, 200, false,
              "x"},
             {head + "Connection: close\r\nContent-Length: 1\r\n\r\nx", false, 200, true, "x"},
             {head + "X:\t\x80\xff \r\nContent-Length: \t 1 \r\n\r\nx", false, 200, false, "x"},
             {head + "Transfer-Encoding: chunked\r\n\r\n000\r\n\r\n", false, 200, false, ""},
             {head + "Transfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\n0\r\nContent-Length: 3\r\n\r\n",
              false, 200, false, "0123456789"},
         }) {
        CAPTURE(row.text);
        const Outcome expected{State::kDone, row.text.size(), row.status,
                               row.closes,   row.body,        row.body.size()};
        CHECK(parse_whole(row.text + "GARBAGE", row.head_only) == expected);
        for (std::size_t at = 0; at <= row.text.size(); ++at)
            REQUIRE(parse_pieces({row.text.substr(0, at), row.text.substr(at)}, row.head_only) == expected);
        std::vector<std::string> bytes;
        for (const char c : row.text) bytes.emplace_back(1, c);
        CHECK(parse_pieces(bytes, row.head_only) == expected);
        bytes.pop_back();
        CHECK(parse_pieces(bytes, row.head_only).state == State::kNeedMore);
    }
}

TEST_CASE("whatever is not strict HTTP is a fault, split anywhere") {
    const std::string head = "HTTP/1.1 200 OK\r\n";
    const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
    for (const std::string& text : std::vector<std::string>{
             "garbage",
             "\r\n" + kPlain,
             "http/1.1 200 OK\r\n\r\n",
             "HTTP/2.0 200 OK\r\n\r\n",
             "HTTP/1.2 200 OK\r\n\r\n",
             "HTTP/1.1 200\r\n\r\n",
             "HTTP/1.1  200 OK\r\n\r\n",
             "HTTP/1.1 20 OK\r\n\r\n",
             "HTTP/1.1 2000 OK\r\n\r\n",
             "HTTP/1.1 099 Low\r\n\r\n",
             "HTTP/1.1 600 High\r\n\r\n",
             "HTTP/1.1 101 Switching Protocols\r\n\r\n",
             std::string("HTTP/1.1 200 a\0b\r\n\r\n", 20),
             "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n",
             "HTTP/1.1 200 O\rK\r\n\r\n",
             head + "Content-Length: 1\n\r\nx",
             head + "No colon\r\n\r\n",
             head + ": no name\r\n\r\n",
             head + "Name : space\r\n\r\n",
             head + "A: b\r\n folded\r\n\r\n",
             head + "Na[me: x\r\n\r\n",
             head + "A: b\x7f\r\n\r\n",
             head + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx",
             head + "Content-Length: 1, 1\r\n\r\nx",
             head + "Content-Length: +1\r\n\r\nx",
             head + "Content-Length: 0x1\r\n\r\nx",
             head + "Content-Length:\r\n\r\n",
             head + "Content-Length: 18446744073709551616\r\n\r\n",
             head + "Content-Length: 1048577\r\n\r\n",
             head + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
             head + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
             head + "Transfer-Encoding: gzip\r\n\r\n",
             head + "Transfer-Encoding: gzip, chunked\r\n\r\n",
             head + "Transfer-Encoding: chunked;q=1\r\n\r\n",
             head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
             "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
             chunked + "\r\n",
             chunked + "x\r\n",
             chunked + "0x5\r\n",
             chunked + "-1\r\n",
             chunked + "5 \r\nhello\r\n",
             chunked + "5\nhello\r\n0\r\n\r\n",
             chunked + "10000000000000000\r\n",
             chunked + "100001\r\n",
             chunked + "3\r\nhelp\r\n0\r\n\r\n",
             chunked + "5\r\nhello0\r\n\r\n",
             chunked + "0\r\nbad trailer\r\n\r\n",
         }) {
        CAPTURE(text);
        CHECK(parse_whole(text).state == State::kFault);
        for (std::size_t at = 0; at <= text.size(); ++at)
            REQUIRE(parse_pieces({text.substr(0, at), text.substr(at)}).state == State::kFault);
    }
}

TEST_CASE("garbage is a fault at its first byte, not at some line end that never comes") {
    CHECK(parse_whole("X").state == State::kFault);
    CHECK(parse_pieces({"HTT", "Q"}).state == State::kFault);
    CHECK(parse_whole("HTTP/1.").state == State::kNeedMore);
}

TEST_CASE("an answer without length lasts until the peer closes") {
    for (const bool cut : {false, true}) {
        ResponseParser parser({});
        parser.start(false);
        const std::string head = "HTTP/1.1 200 OK\r\n\r\n";
        CHECK_FALSE(parser.finish());
        CHECK(parser.parse(cut ? head : head + "hello").state == State::kNeedMore);
        if (cut) {
            CHECK(parser.parse("hel").state == State::kNeedMore);
            CHECK(parser.parse("lo").state == State::kNeedMore);
        }
        CHECK(parser.finish());
        CHECK(parser.response().body == "hello");
        CHECK(parser.response().body_size == 5);
        CHECK(parser.response().closes);
    }
}

TEST_CASE("a close inside any other answer does not end it") {
    for (std::size_t at = 0; at < kChunked.size(); ++at) {
        ResponseParser parser({});
        parser.start(false);
        const std::string part = kChunked.substr(0, at);
        CHECK(parser.parse(part).state == State::kNeedMore);
        CHECK_FALSE(parser.finish());
    }
}

TEST_CASE("heads, chunk lines, trailers, bodies and interim answers end at their limits") {
    const auto fault_or_more = [](const std::string& text, ResponseLimits limits = {}) {
        return parse_pieces({text}, false, limits).state;
    };
    const std::string head = "HTTP/1.1 200 OK\r\n";
    const std::string long_field = "X: " + std::string(ResponseLimits::kMaxHeadBytes, 'x');
    CHECK(fault_or_more(head + long_field) == State::kFault);
    std::string fits =
        head + "X: " + std::string(ResponseLimits::kMaxHeadBytes - head.size() - 7, 'x') + "\r\n\r\n";
    CHECK(fits.size() == ResponseLimits::kMaxHeadBytes);
    CHECK(fault_or_more(fits) == State::kNeedMore);
    CHECK(fault_or_more(fits.insert(head.size() + 3, "x")) == State::kFault);

    const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
    CHECK(fault_or_more(chunked + "1;" + std::string(4'092, 'e') + "\r\nx") == State::kNeedMore);
    CHECK(fault_or_more(chunked + "1;" + std::string(4'093, 'e') + "\r\nx") == State::kFault);
    CHECK(fault_or_more(chunked + "0\r\nT: " + std::string(9'000, 't')) == State::kFault);

    const ResponseLimits ten{.max_body_bytes = 10, .kept_body_bytes = 10};
    CHECK(fault_or_more(head + "\r\n0123456789", ten) == State::kNeedMore);
    CHECK(fault_or_more(head + "\r\n0123456789x", ten) == State::kFault);
    CHECK(fault_or_more(chunked + "5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n", ten) == State::kDone);
    CHECK(fault_or_more(chunked + "5\r\n01234\r\n6\r\n", ten) == State::kFault);
    CHECK(fault_or_more(head + "Content-Length: 11\r\n\r\n", ten) == State::kFault);

    std::string interim;
    for (int i = 0; i < ResponseLimits::kMaxInterimAnswers; ++i) interim += "HTTP/1.1 102 Processing\r\n\r\n";
    CHECK(fault_or_more(interim + kPlain) == State::kDone);
    CHECK(fault_or_more(interim + "HTTP/1.1 102 Processing\r\n\r\n" + kPlain) == State::kFault);
}

TEST_CASE("a body beyond what is kept is counted and dropped") {
    const ResponseLimits three{.max_body_bytes = 100, .kept_body_bytes = 3};
    for (const std::string& text : {kPlain, kChunked})
        for (std::size_t at = 0; at <= text.size(); ++at) {
            const Outcome outcome = parse_pieces({text.substr(0, at), text.substr(at)}, false, three);
            REQUIRE(outcome.state == State::kDone);
            REQUIRE(outcome.body == "hel");
            REQUIRE(outcome.body_size == 5);
        }
}

TEST_CASE("a parser starts anew: nothing of the last answer shows in the next") {
    ResponseParser parser({});
    parser.start(true);
    CHECK(parser.parse("HTTP/1.0 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n").state ==
          State::kDone);
    parser.start(false);
    CHECK(parser.parse(kChunked).state == State::kDone);
    parser.start(false);
    CHECK(parser.parse(kPlain).state == State::kDone);
    CHECK(parser.response().body == "hello");
    CHECK_FALSE(parser.response().closes);
    parser.start(false);
    CHECK(parser.parse("nonsense").state == State::kFault);
    CHECK_FALSE(parser.fault().empty());
    parser.start(false);
    CHECK(parser.parse(kPlain).state == State::kDone);
}

TEST_CASE("a used parser reads any answer as a fresh one does, also when its head is the last one's") {
    const std::string other_length = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhell";
    const std::string closing = "HTTP/1.1 503 No\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";
    const std::string near_miss = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\rhello";
    const std::vector<std::string> answers{kPlain, kChunked, kInterim, other_length, closing, near_miss};
    for (const std::string& first : answers)
        for (const std::string& second : answers)
            for (const bool head_only : {false, true})
                for (std::size_t at = 0; at <= second.size(); ++at) {
                    ResponseParser parser({});
                    parser.start(false);
                    parser.parse(first);
                    parser.start(head_only);
                    const auto begun = parser.parse(std::string_view(second).substr(0, at));
                    const auto ended = begun.state == State::kNeedMore
                                           ? parser.parse(std::string_view(second).substr(at))
                                           : begun;
                    const Outcome fresh = parse_whole(second, head_only);
                    REQUIRE(ended.state == fresh.state);
                    if (fresh.state != State::kDone) continue;
                    REQUIRE(parser.response().status == fresh.status);
                    REQUIRE(parser.response().closes == fresh.closes);
                    REQUIRE(parser.response().body == fresh.body);
                }
}

} // namespace kvduel::http
