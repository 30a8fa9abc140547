#include "core/http/head.hpp"
#include "core/http/head_cases_for_test.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace kvduel::http {

namespace {

using namespace std::string_literals;

Head read_good(std::string& bytes, const Limits& limits = {}) {
    HeadReader reader(limits);
    const HeadResult result = reader.read({bytes.data(), bytes.size()});
    REQUIRE_MESSAGE(std::holds_alternative<Head>(result), bytes);
    return std::get<Head>(result);
}

std::string with_host(const std::string& host) {
    return "GET /k HTTP/1.1\r\nHost:" + host + "\r\n\r\n";
}

const std::vector<HeadCase>& host_cases() {
    static const std::vector<HeadCase> cases{
        {"GET /k HTTP/1.1\r\n\r\n", 400, "31: no Host"},
        {"GET /k HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", 400, "31: two, alike"},
        {"GET /k HTTP/1.1\r\nHost: h\r\nhOST: i\r\n\r\n", 400, "31: two, not alike"},
        {with_host(" a b"), 400, "32"},
        {with_host(" u@h"), 400, "32"},
        {with_host(" h/p"), 400, "32"},
        {with_host(""), 400, "32: empty"},
        {with_host("  \t "), 400, "32: blanks alone"},
        {with_host(" :80"), 400, "32: a port alone"},
        {with_host(" h:8x"), 400, "a port that is no number"},
        {with_host(" h:"), 0, "RFC 3986 3.2.3: the port may be empty"},
        {with_host("\t127.0.0.1:8080 \t"), 0, "blanks around it"},
        {with_host(" [::1]:80"), 0, "an IPv6 literal"},
        {with_host(" [::1"), 400, "an open bracket"},
        {"GET /k HTTP/1.0\r\n\r\n", 0, "33"},
        {"GET /k HTTP/1.0\r\nHost: a b\r\n\r\n", 400, "a bad Host is bad in HTTP/1.0 too"},
        {"GET /k HTTP/1.0\r\nHost: h\r\nHost: h\r\n\r\n", 400, "two in HTTP/1.0 too"},
        {with_fields("Connection: a b\r\n"), 400, "RFC 9110 7.6.1: not a list of tokens"},
    };
    return cases;
}

const std::vector<HeadCase>& framing_cases() {
    static const std::vector<HeadCase> cases{
        {with_fields("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400, "41"},
        {with_fields("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400, "41"},
        {with_fields("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n"), 400, "section 4, 2"},
        {with_fields("Content-Length: 5\r\nTransfer-Encoding: gzip\r\n"), 400, "section 4, 2"},
        {with_fields("Content-Length: 5\r\nContent-Length: 6\r\n"), 400, "43"},
        {with_fields("Content-Length: 5\r\nContent-Length: 5\r\n"), 400, "43"},
        {with_fields("Content-Length: 5, 6\r\n"), 400, "43"},
        {with_fields("Content-Length: 5, 5\r\n"), 400, "43"},
        {with_fields("Content-Length: +5\r\n"), 400, "44"},
        {with_fields("Content-Length: -5\r\n"), 400, "44"},
        {with_fields("Content-Length: 0x5\r\n"), 400, "44"},
        {with_fields("Content-Length: abc\r\n"), 400, "44"},
        {with_fields("Content-Length: 5 5\r\n"), 400, "44"},
        {with_fields("Content-Length:\r\n"), 400, "44: empty"},
        {with_fields("Content-Length: 18446744073709551615\r\n"), 0,
         "2^64 - 1 fits; the router judges its size"},
        {with_fields("Content-Length: 18446744073709551616\r\n"), 400, "45: 2^64"},
        {with_fields("Content-Length: " + std::string(40, '9') + "\r\n"), 400, "45: 40 digits"},
        {with_fields("Transfer-Encoding: chunked\r\n"), 0, "the one coding"},
        {with_fields("Transfer-Encoding: CHUNKED \r\n"), 0, "in either case"},
        {with_fields("Transfer-Encoding: gzip\r\n"), 501, "49"},
        {with_fields("Transfer-Encoding: identity\r\n"), 501, "49"},
        {with_fields("Transfer-Encoding: xchunked\r\n"), 501, "49"},
        {with_fields("Transfer-Encoding: chunked, gzip\r\n"), 400, "50"},
        {with_fields("Transfer-Encoding: chunked, chunked\r\n"), 400, "50"},
        {with_fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400, "50"},
        {with_fields("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"), 400, "50"},
        {with_fields("Transfer-Encoding: gzip, chunked\r\n"), 501, "51"},
        {with_fields("Transfer-Encoding:\r\n"), 400, "52"},
        {with_fields("Transfer-Encoding: chunked;q=1\r\n"), 400, "52"},
        {"GET /k HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "53"},
        {"GET /k HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400, "Host is judged before the framing"},
    };
    return cases;
}

} // namespace

TEST_CASE("Host and Connection are judged alike at every split") {
    check_cases(host_cases());
}

TEST_CASE("framing is decided strictly and alike at every split") {
    check_cases(framing_cases());
}

TEST_CASE("an accepted head says what the connection and the body need") {
    std::string bytes =
        "\r\nPOST /a?b HTTP/1.1\r\nHost: h\r\nContent-Length: 007\r\nExpect: 100-Continue\r\n\r\nbody";
    Head head = read_good(bytes);
    CHECK(head.method == Method::kPost);
    CHECK(head.target == "/a?b");
    CHECK(head.framing == Framing::kLength);
    CHECK(head.content_length == 7);
    CHECK(head.expectation == Expectation::kContinue);
    CHECK(head.keeps_alive);
    CHECK(head.size == bytes.size() - 4);

    bytes = with_fields("Transfer-Encoding: chunked\r\nExpect: 100-continue, x\r\nConnection: a, Close\r\n");
    head = read_good(bytes);
    CHECK(head.framing == Framing::kChunked);
    CHECK(head.content_length == 0);
    CHECK(head.expectation == Expectation::kUnknown);
    CHECK_FALSE(head.keeps_alive);
}

TEST_CASE("HTTP/1.0 closes unless it asks to stay, and is never sent a 100") {
    std::string bytes = "GET /k HTTP/1.0\r\nExpect: 100-continue\r\n\r\n";
    Head head = read_good(bytes);
    CHECK(head.is_http_1_0);
    CHECK_FALSE(head.keeps_alive);
    CHECK(head.expectation == Expectation::kNone);
    bytes = "GET /k HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n";
    CHECK(read_good(bytes).keeps_alive);
    bytes = "GET /k HTTP/1.0\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n";
    CHECK_FALSE(read_good(bytes).keeps_alive);
}

TEST_CASE("HTTP/1.2 to 1.9 are served as 1.1, by rewriting one digit of a whole head") {
    for (char digit = '2'; digit <= '9'; ++digit) {
        const std::string line = "GET /k HTTP/1.";
        std::string bytes = line + digit + "\r\nHost: h\r\n\r\n";
        HeadReader reader(Limits{});
        CHECK(std::holds_alternative<NeedMore>(reader.read({bytes.data(), bytes.size() - 1})));
        CHECK(bytes[line.size()] == digit);
        const Head head = std::get<Head>(reader.read({bytes.data(), bytes.size()}));
        CHECK(bytes[line.size()] == '1');
        CHECK_FALSE(head.is_http_1_0);
        CHECK(head.keeps_alive);
    }
}

TEST_CASE("after reset the reader judges the next request") {
    HeadReader reader(Limits{});
    std::string bad = "GET /k HTTP/3.0\r\n";
    CHECK(describe(reader.read({bad.data(), bad.size()})) == "505!");
    reader.reset();
    std::string good = with_line("GET /k HTTP/1.1");
    CHECK(std::holds_alternative<Head>(reader.read({good.data(), good.size()})));
}

} // namespace kvduel::http
