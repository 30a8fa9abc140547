#include "servers/null/requests.hpp"

#include <doctest/doctest.h>

#include <string>

namespace kvduel::servers::null {

namespace {

const std::string kGet = "GET /k HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string kPost = "POST /k HTTP/1.1\r\nContent-Length: 8\r\n\r\nk=a\r\n\r\nb";

} // namespace

TEST_CASE("requests are counted where they end, wherever the bytes are cut") {
    const std::string all = kGet + kGet + kPost + kGet + "HEAD / HTTP/1.1\r\nX: \r\r\n\r\n" + kPost;
    for (std::size_t at = 0; at <= all.size(); ++at) {
        Requests requests;
        const auto first = requests.count(std::string_view(all).substr(0, at));
        const auto second = requests.count(std::string_view(all).substr(at));
        REQUIRE(first.has_value());
        REQUIRE(second.has_value());
        REQUIRE(*first + *second == 6);
        REQUIRE(requests.take_value() == "a\r\n\r\nb");
        REQUIRE_FALSE(requests.take_value().has_value());
    }
}

TEST_CASE("the value is what follows the first =, or all of the body; nothing of it is left in the next") {
    Requests requests;
    CHECK(requests.count("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nk=a=b") == 1);
    CHECK(requests.take_value() == "a=b");
    CHECK(requests.count("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc") == 1);
    CHECK(requests.take_value() == "abc");
    CHECK(requests.count("POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n") == 1);
    CHECK(requests.take_value() == "");
    CHECK(requests.count(kPost) == 1);
    CHECK(requests.take_value() == "a\r\n\r\nb");
}

TEST_CASE("a POST without a length, or over the limits, is refused") {
    const std::string largest = std::to_string(Requests::kMaxValueBytes);
    const std::string too_large = std::to_string(Requests::kMaxValueBytes + 1);
    const auto count = [](const std::string& bytes) { return Requests().count(bytes); };
    CHECK(count("POST / HTTP/1.1\r\n\r\n") == std::nullopt);
    CHECK(count("POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n") == std::nullopt);
    CHECK(count("POST / HTTP/1.1\r\nContent-Length: " + largest + "\r\n\r\n") == 0);
    CHECK(count("POST / HTTP/1.1\r\nContent-Length: " + too_large + "\r\n\r\n") == std::nullopt);
    CHECK(count("POST " + std::string(Requests::kMaxHeadBytes, 'x')) == std::nullopt);
    CHECK(count("POST " + std::string(Requests::kMaxHeadBytes - 6, 'x')) == 0);
}

} // namespace kvduel::servers::null
