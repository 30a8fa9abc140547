#include "core/http/response_head.hpp"

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <string>
#include <string_view>

namespace kvduel::http {

namespace {

std::string_view text(const DateText& date) {
    return {date.data(), date.size()};
}

std::string write(const ResponseHead& head) {
    std::array<char, kMaxResponseHeadBytes> out{};
    const std::size_t size = write_response_head(out, head, format_date(784'111'777));
    return {out.data(), size};
}

constexpr std::string_view kDateLine = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";

} // namespace

TEST_CASE("a date is an IMF-fixdate") {
    CHECK(text(format_date(784'111'777)) == "Sun, 06 Nov 1994 08:49:37 GMT"); // RFC 9110 5.6.7's own example
    CHECK(text(format_date(0)) == "Thu, 01 Jan 1970 00:00:00 GMT");
    CHECK(text(format_date(951'782'399)) == "Mon, 28 Feb 2000 23:59:59 GMT");
    CHECK(text(format_date(951'782'400)) == "Tue, 29 Feb 2000 00:00:00 GMT");
    CHECK(text(format_date(4'107'542'400)) == "Mon, 01 Mar 2100 00:00:00 GMT"); // 2100 has no leap day
    CHECK(text(format_date(253'402'300'799)) == "Fri, 31 Dec 9999 23:59:59 GMT");
}

TEST_CASE("a value's head names type, length and nosniff") {
    CHECK(write({.content_type = ContentType::kOctets, .content_length = 5}) ==
          "HTTP/1.1 200 OK\r\n" + std::string(kDateLine) +
              "Content-Length: 5\r\nContent-Type: application/octet-stream\r\n"
              "X-Content-Type-Options: nosniff\r\n\r\n");
}

TEST_CASE("204 has no Content-Length, and OPTIONS and 405 have Allow") {
    CHECK(write({.status = Status::kNoContent, .allow = Allow::kKey}) ==
          "HTTP/1.1 204 No Content\r\n" + std::string(kDateLine) +
              "Allow: GET, HEAD, PUT, DELETE, OPTIONS\r\n\r\n");
    CHECK(write({.status = Status::kCreated}) ==
          "HTTP/1.1 201 Created\r\n" + std::string(kDateLine) + "Content-Length: 0\r\n\r\n");
}

TEST_CASE("every 503 says when to come back, and the last answer says that it is") {
    CHECK(write({.status = Status::kServiceUnavailable,
                 .content_type = ContentType::kText,
                 .content_length = 19,
                 .connection = ConnectionField::kClose}) ==
          "HTTP/1.1 503 Service Unavailable\r\n" + std::string(kDateLine) +
              "Content-Length: 19\r\nContent-Type: text/plain; charset=utf-8\r\nRetry-After: 1\r\n"
              "Connection: close\r\n\r\n");
    CHECK(write({.connection = ConnectionField::kKeepAlive}).ends_with("Connection: keep-alive\r\n\r\n"));
}

TEST_CASE("the longest head of every status fits, with its reason phrase in the status-line") {
    for (const int code :
         {100, 200, 201, 204, 400, 404, 405, 408, 413, 414, 417, 421, 431, 501, 503, 505, 507}) {
        const auto status = static_cast<Status>(code);
        const std::string head = write({.status = status,
                                        .content_type = ContentType::kOctets,
                                        .content_length = std::numeric_limits<std::uint64_t>::max(),
                                        .connection = ConnectionField::kKeepAlive,
                                        .allow = Allow::kAny});
        CHECK(head.size() <= kMaxResponseHeadBytes);
        CHECK(head.starts_with("HTTP/1.1 " + std::to_string(code) + " " + std::string(reason(status)) +
                               "\r\n"));
    }
}

} // namespace kvduel::http
