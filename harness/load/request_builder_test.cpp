#include "harness/load/request_builder.hpp"

#include <doctest/doctest.h>

namespace kvduel::load {

namespace {

constexpr std::string_view kHost = "127.0.0.1:80";

std::string write(const RequestBuilder& builder, const Exchange& exchange) {
    std::string out(builder.max_bytes(), '\0');
    const std::size_t size = builder.write(exchange, out.data());
    REQUIRE(size <= builder.max_bytes());
    out.resize(size);
    return out;
}

} // namespace

TEST_CASE("a GET is the template with its key's digits") {
    workload::Workload workload;
    const RequestBuilder builder(workload, {workload::Seed(1), workload.value_bytes}, kHost);
    Exchange exchange;
    exchange.request.key = 123;
    CHECK(write(builder, exchange) == "GET /key-000000000123 HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n");
    exchange.closes = true;
    CHECK(write(builder, exchange) ==
          "GET /key-000000000123 HTTP/1.1\r\nHost: 127.0.0.1:80\r\nConnection: close\r\n\r\n");
}

TEST_CASE("a POST carries key=value of the version, and its true length") {
    for (const std::size_t bytes : {0u, 5u, 64u}) {
        workload::Workload workload;
        workload.value_bytes = bytes;
        const workload::ValueCodec codec(workload::Seed(1), bytes);
        const RequestBuilder builder(workload, codec, kHost);
        Exchange exchange;
        exchange.request = {workload::Operation::kPost, 7};
        exchange.version = 5;
        const std::string text = write(builder, exchange);
        const std::size_t body_at = text.find("\r\n\r\n") + 4;
        CHECK(text.starts_with("POST / HTTP/1.1\r\nHost: 127.0.0.1:80\r\nContent-Length: " +
                               std::to_string(17 + bytes) + "\r\n\r\n"));
        CHECK(text.size() - body_at == 17 + bytes);
        CHECK(text.substr(body_at, 17) == "key-000000000007=");
        CHECK(codec.check(text.substr(body_at + 17), 7, 5, true) == workload::ValueCheck::kGood);
    }
}

TEST_CASE("a workload of one path asks for that path") {
    workload::Workload workload;
    workload.path = "/a?b=1";
    const RequestBuilder builder(workload, {workload::Seed(1), 64}, kHost);
    CHECK(write(builder, {}) == "GET /a?b=1 HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n");
}

} // namespace kvduel::load
