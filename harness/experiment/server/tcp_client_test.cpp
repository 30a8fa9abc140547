#include "harness/experiment/server/tcp_client.hpp"

#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

namespace kvduel::experiment {

namespace {

/// Answers one connection with fixed bytes once a whole request came, then closes.
class OneAnswer {
public:
    explicit OneAnswer(std::string answer) : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* raw = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(listener_.get(), raw, size) == 0);
        REQUIRE(::listen(listener_.get(), 1) == 0);
        REQUIRE(::getsockname(listener_.get(), raw, &size) == 0);
        target.port = ntohs(address.sin_port);
        thread_ = std::jthread([this, text = std::move(answer)] { serve(text); });
    }

    load::Target target;

private:
    void serve(const std::string& answer) {
        const UniqueFd peer(::accept(listener_.get(), nullptr, nullptr));
        std::string request;
        char byte = 0;
        while (!request.ends_with("\r\n\r\n") && ::recv(peer.get(), &byte, 1, 0) == 1)
            request.push_back(byte);
        for (std::size_t at = 0; at < answer.size();) {
            const ssize_t count = ::send(peer.get(), answer.data() + at, answer.size() - at, MSG_NOSIGNAL);
            if (count <= 0) return;
            at += static_cast<std::size_t>(count);
        }
    }

    UniqueFd listener_;
    std::jthread thread_;
};

TimePoint far() {
    return Clock::now() + std::chrono::seconds(30);
}

std::string failure_of(const std::string& answer) {
    const OneAnswer server(answer);
    const auto page = fetch_page(server.target, "/-/stats", far());
    REQUIRE_FALSE(page);
    return page.error().what;
}

} // namespace

TEST_CASE("a page is the body that Content-Length announces") {
    const OneAnswer server("HTTP/1.1 200 OK\r\nServer: x\r\ncontent-LENGTH:  5\r\n\r\nhello, and more");
    const auto page = fetch_page(server.target, "/-/stats", far());
    REQUIRE(page);
    CHECK(*page == "hello");
}

TEST_CASE("what is no answer of bounded length, or not a 200, is an error that says what came") {
    CHECK(failure_of("HTTP/1.1 404 Not Found\r\n\r\n") == "answered 404");
    CHECK(failure_of("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello") == "closed within its answer");
    CHECK(failure_of("") == "closed within its answer");
    for (const char* fields :
         {"Content-Length: 1048577", "Content-Length: 5\r\nContent-Length: 6", "Content-Length: -5"}) {
        CAPTURE(fields);
        const std::string what = failure_of("HTTP/1.1 200 OK\r\n" + std::string(fields) + "\r\n\r\nhello!");
        CHECK(what.starts_with("no sound answer: "));
    }
    CHECK(failure_of(std::string(100'000, 'x')).starts_with("no sound answer: "));
}

TEST_CASE("a host that is no address and a port nobody listens at are errors") {
    CHECK_FALSE(connect_tcp({"example.invalid", 80}, far()));
    const std::uint16_t port = find_free_port();
    REQUIRE(port != 0);
    const auto refused = connect_tcp({"127.0.0.1", port}, far());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().where == "127.0.0.1:" + std::to_string(port));
}

} // namespace kvduel::experiment
