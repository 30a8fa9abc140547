#include "core/http/request_writer.hpp"

#include <doctest/doctest.h>

namespace kvduel::http {

TEST_CASE("a request head says what it is given and no more") {
    CHECK(
        write_request_head({.method = "GET", .target = "/k", .host = "127.0.0.1:80", .content_length = {}}) ==
        "GET /k HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n");
    CHECK(write_request_head(
              {.method = "POST", .target = "/", .host = "[::1]:8080", .content_length = 0, .closes = true}) ==
          "POST / HTTP/1.1\r\nHost: [::1]:8080\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

} // namespace kvduel::http
