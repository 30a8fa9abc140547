#include "harness/cli/url.hpp"

#include <doctest/doctest.h>

#include <string>

namespace kvduel::cli {

TEST_CASE("an http URL gives its address and path") {
    const struct {
        const char* text;
        const char* host;
        std::uint16_t port;
        const char* path;
    } rows[] = {{"http://127.0.0.1:8080/key", "127.0.0.1", 8080, "/key"},
                {"http://localhost", "localhost", 80, ""},
                {"http://[::1]:1/", "::1", 1, "/"},
                {"http://127.0.0.1/a?b=c", "127.0.0.1", 80, "/a?b=c"}};
    for (const auto& row : rows) {
        const auto url = parse_url(row.text);
        REQUIRE_MESSAGE(url, row.text);
        CHECK(url->target.host == row.host);
        CHECK(url->target.port == row.port);
        CHECK(url->path == row.path);
    }
}

TEST_CASE("what is not such a URL is refused") {
    for (const char* text :
         {"", "http://", "https://localhost/", "ftp://localhost/", "localhost:80", "http://example.com/",
          "http://127.0.0.1:0/", "http://127.0.0.1:70000/", "http://127.0.0.1:x/", "http://127.0.0.1:/",
          "http://[::1", "http://[127.0.0.1]/", "http://user@127.0.0.1/", "http://127.0.0.1/a b",
          "http://127.0.0.1/#a", "http://127.0.0.1/\r\nX: y", "http://127.0.0.1?a", "http://127.0.0.1:80x/"})
        CHECK_FALSE_MESSAGE(parse_url(text), text);
}

} // namespace kvduel::cli
