#include "core/http/response_head.hpp"
#include "core/http/response_parser.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

// Every shape of answer that our servers give, as their own writer makes it, read by the client's parser.

namespace kvduel::http {

namespace {

using State = ResponseParser::State;

struct Shape {
    std::string bytes;
    bool head_only = false;
    int status = 0;
    bool closes = false;
    std::string body;
};

struct Reading {
    State state = State::kNeedMore;
    int status = 0;
    bool closes = false;
    std::string body;

    bool operator==(const Reading&) const = default;
};

Shape make_shape(ResponseHead head, std::string body, bool head_only = false) {
    head.content_length = body.size();
    std::array<char, kMaxResponseHeadBytes> out{};
    std::string bytes(out.data(), write_response_head(out, head, format_date(784'111'777)));
    if (head_only || head.status == Status::kNoContent) body.clear();
    return {bytes + body, head_only, static_cast<int>(head.status),
            head.connection == ConnectionField::kClose, body};
}

/// The table of http-contract.md, section 1, and its errors, each for a connection that stays and one that
/// does not.
std::vector<Shape> shapes() {
    const std::string value("a\r\n\r\nvalue=\0\xff", 13);
    std::vector<Shape> made;
    for (const auto connection :
         {ConnectionField::kNone, ConnectionField::kClose, ConnectionField::kKeepAlive}) {
        const auto add = [&](Status status, ContentType type, const std::string& body, Allow allow = {}) {
            const ResponseHead head{
                .status = status, .content_type = type, .connection = connection, .allow = allow};
            made.push_back(make_shape(head, body));
            made.push_back(make_shape(head, body, true));
        };
        add(Status::kOk, ContentType::kOctets, value);
        add(Status::kOk, ContentType::kOctets, "");
        add(Status::kOk, ContentType::kText, "Key inserted");
        add(Status::kOk, ContentType::kJson, "{}");
        add(Status::kOk, ContentType::kPrometheus, "kvduel_requests_total 1\n");
        add(Status::kCreated, ContentType::kNone, "");
        for (const Allow allow : {Allow::kNone, Allow::kRoot, Allow::kKey})
            add(Status::kNoContent, ContentType::kNone, "", allow);
        add(Status::kMethodNotAllowed, ContentType::kText, "Method Not Allowed", Allow::kKey);
        for (const Status status :
             {Status::kBadRequest, Status::kNotFound, Status::kRequestTimeout, Status::kContentTooLarge,
              Status::kUriTooLong, Status::kExpectationFailed, Status::kMisdirectedRequest,
              Status::kRequestHeaderFieldsTooLarge, Status::kNotImplemented, Status::kServiceUnavailable,
              Status::kHttpVersionNotSupported, Status::kInsufficientStorage})
            add(status, ContentType::kText, "Some reason");
    }
    Shape continued = made.front();
    continued.bytes.insert(0, kContinueResponse);
    made.push_back(continued);
    return made;
}

Reading read(ResponseParser& parser, const std::vector<std::string>& pieces, bool head_only) {
    parser.start(head_only);
    Reading reading;
    for (const std::string& piece : pieces) {
        if (reading.state != State::kNeedMore) break;
        reading.state = parser.parse(piece).state;
        if (reading.state != State::kDone) continue;
        const Response& response = parser.response();
        reading = {State::kDone, response.status, response.closes, std::string(response.body)};
    }
    return reading;
}

} // namespace

TEST_CASE("every answer of our servers is read back, split at every offset") {
    for (const Shape& shape : shapes()) {
        CAPTURE(shape.bytes);
        const Reading expected{State::kDone, shape.status, shape.closes, shape.body};
        for (std::size_t at = 0; at <= shape.bytes.size(); ++at) {
            ResponseParser parser({});
            REQUIRE(read(parser, {shape.bytes.substr(0, at), shape.bytes.substr(at)}, shape.head_only) ==
                    expected);
        }
        std::vector<std::string> bytes;
        for (const char c : shape.bytes) bytes.emplace_back(1, c);
        ResponseParser parser({});
        CHECK(read(parser, bytes, shape.head_only) == expected);
    }
}

TEST_CASE(
    "what a connection has read before changes no verdict: any answers, damaged ones too, split anywhere") {
    const std::vector<Shape> known = shapes();
    for (const unsigned seed : {1u, 2u, 3u}) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        const auto below = [&](std::size_t n) { return random() % n; };
        ResponseParser used({.max_body_bytes = 64, .kept_body_bytes = 8});
        Shape shape = known.front();
        for (int i = 0; i < 20'000; ++i) {
            if (below(4) == 0) shape = known[below(known.size())]; // else the last one's head again
            std::string bytes = shape.bytes;
            if (below(3) == 0) bytes[below(bytes.size())] = static_cast<char>(below(256));
            const bool head_only = below(8) == 0;
            const std::size_t at = below(2) == 0 ? bytes.size() : below(bytes.size());
            const std::vector<std::string> pieces{bytes.substr(0, at), bytes.substr(at)};
            ResponseParser fresh({.max_body_bytes = 64, .kept_body_bytes = 8});
            REQUIRE(read(used, pieces, head_only) == read(fresh, pieces, head_only));
        }
    }
}

} // namespace kvduel::http
