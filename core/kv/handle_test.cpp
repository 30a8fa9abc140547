#include "core/kv/handle.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>

namespace kvduel::kv {

namespace {

using namespace std::string_literals;
using http::Allow;
using http::ContentType;
using http::Status;

constexpr http::Limits kLimits{.max_key_bytes = 4, .max_value_bytes = 300};
constexpr Route kGet{.operation = Operation::kGet};
constexpr Route kHead{.operation = Operation::kGet, .head_only = true};
constexpr Route kPut{.operation = Operation::kPut};
constexpr Route kErase{.operation = Operation::kErase};
constexpr Route kInsert{.operation = Operation::kInsert};

/// A store of its own for each test, reached as a server reaches it.
class Service {
public:
    explicit Service(std::uint64_t memory_limit_bytes = 1 << 20)
        : store_(store::find_store("mutex")->make(
              {.memory_limit_bytes = memory_limit_bytes, .threads = 1, .seed = {}})) {}

    Response handle(const Route& route, std::string_view key, std::string_view body = {}) {
        return kv::handle(route, key, {.view = body}, *store_, kLimits);
    }
    /// The same with the body in a builder, as when it came in pieces.
    Response handle_gathered(const Route& route, std::string_view key, std::string_view body) {
        store::ValueBuilder builder;
        for (const char c : body) builder.append({&c, 1});
        return kv::handle(route, key, {.view = {}, .gathered = &builder}, *store_, kLimits);
    }
    std::string get(std::string_view key) { return std::string(handle(kGet, key).body()); }

private:
    std::unique_ptr<store::Store> store_;
};

std::string all_bytes() {
    std::string bytes;
    for (unsigned byte = 0; byte < 256; ++byte) bytes.push_back(static_cast<char>(byte));
    return bytes;
}

void check_message(const Response& response, Status status, std::string_view text, bool closes) {
    CHECK(response.head.status == status);
    CHECK(response.body() == text);
    CHECK(response.head.content_length == text.size());
    CHECK(response.head.content_type == (text.empty() ? ContentType::kNone : ContentType::kText));
    CHECK(response.closes == closes);
}

} // namespace

TEST_CASE("a value that was put is got byte for byte, and HEAD says its length alone") {
    Service service;
    check_message(service.handle(kPut, "k", all_bytes()), Status::kCreated, "", false);
    const Response got = service.handle(kGet, "k");
    CHECK(got.head.status == Status::kOk);
    CHECK(got.head.content_type == ContentType::kOctets);
    CHECK(got.head.content_length == 256);
    CHECK(got.body() == all_bytes());
    const Response head = service.handle(kHead, "k");
    CHECK(head.head.status == Status::kOk);
    CHECK(head.head.content_length == 256);
    CHECK(head.body().empty());
    check_message(service.handle_gathered(kPut, "k", "new"), Status::kNoContent, "", false);
    CHECK(service.get("k") == "new");
}

TEST_CASE("an empty value is a value") {
    Service service;
    CHECK(service.handle(kPut, "k", "").head.status == Status::kCreated);
    const Response got = service.handle(kGet, "k");
    CHECK(got.head.status == Status::kOk);
    CHECK(got.head.content_length == 0);
    CHECK(got.body().empty());
    CHECK(service.handle_gathered(kPut, "k", "").head.status == Status::kNoContent);
    CHECK(service.handle(kInsert, "", "k=").head.status == Status::kOk);
    CHECK(service.handle(kGet, "k").head.status == Status::kOk);
}

TEST_CASE("an absent key is not found, and HEAD says so in a head alone") {
    Service service;
    check_message(service.handle(kGet, "k"), Status::kNotFound, "Key not found", false);
    const Response head = service.handle(kHead, "k");
    CHECK(head.head.status == Status::kNotFound);
    CHECK(head.head.content_length == 13);
    CHECK(head.body().empty());
    check_message(service.handle(kErase, "k"), Status::kNotFound, "Key not found", false);
}

TEST_CASE("an erased key is gone") {
    Service service;
    service.handle(kPut, "k", "v");
    check_message(service.handle(kErase, "k"), Status::kNoContent, "", false);
    CHECK(service.handle(kGet, "k").head.status == Status::kNotFound);
}

TEST_CASE("an insert is split at the first equals sign, in the input or gathered") {
    Service service;
    check_message(service.handle(kInsert, "", "a=b=c"), Status::kOk, "Key inserted", false);
    CHECK(service.get("a") == "b=c");
    check_message(service.handle_gathered(kInsert, "", "abcd=" + all_bytes()), Status::kOk, "Key inserted",
                  false);
    CHECK(service.get("abcd") == all_bytes());
    check_message(service.handle(kInsert, "", "a=new"), Status::kOk, "Key inserted", false);
    CHECK(service.get("a") == "new");
}

TEST_CASE("an insert without a good key is the format's 400, which stays open") {
    Service service;
    for (const std::string& body : {""s, "k"s, "="s, "=v"s, "a\nb=v"s, "a\0b=v"s, "\x7f=v"s, "abcdefgh"s}) {
        CAPTURE(body);
        check_message(service.handle(kInsert, "", body), Status::kBadRequest,
                      "Invalid format: expected key=value", false);
        CHECK(service.handle_gathered(kInsert, "", body).head.status == Status::kBadRequest);
    }
}

TEST_CASE("the limits of an insert's key and value have two sides") {
    Service service;
    CHECK(service.handle(kInsert, "", "abcd=v").head.status == Status::kOk);
    check_message(service.handle(kInsert, "", "abcde=v"), Status::kContentTooLarge, "Content Too Large",
                  true);
    CHECK(service.handle(kInsert, "", "k=" + std::string(300, 'v')).head.status == Status::kOk);
    check_message(service.handle(kInsert, "", "k=" + std::string(301, 'v')), Status::kContentTooLarge,
                  "Content Too Large", true);
    CHECK(service.get("k") == std::string(300, 'v'));
}

TEST_CASE("a full store refuses the write, keeps the old value and stays open") {
    Service service(1'000);
    REQUIRE(service.handle(kPut, "k", "old").head.status == Status::kCreated);
    check_message(service.handle(kPut, "big", std::string(2'000, 'v')), Status::kInsufficientStorage,
                  "Insufficient Storage", false);
    Response response = service.handle_gathered(kPut, "k", std::string(2'000, 'v'));
    CHECK(response.head.status == Status::kInsufficientStorage);
    CHECK(service.get("k") == "old");
    CHECK(service.handle(kGet, "big").head.status == Status::kNotFound);
}

TEST_CASE("OPTIONS answers with what the resource allows") {
    Service service;
    const Response response = service.handle({.operation = Operation::kOptions, .allow = Allow::kRoot}, "");
    check_message(response, Status::kNoContent, "", false);
    CHECK(response.head.allow == Allow::kRoot);
}

TEST_CASE("a refusal's answer is a constant text, its reason phrase unless it has one") {
    check_message(refuse({.status = Status::kUriTooLong}), Status::kUriTooLong, "URI Too Long", true);
    CHECK(refuse({}).head.connection == http::ConnectionField::kClose);
    check_message(refuse({.closes = false, .text = "Key cannot be empty"}), Status::kBadRequest,
                  "Key cannot be empty", false);
    CHECK(refuse({.closes = false}).head.connection == http::ConnectionField::kNone);
    const Response head =
        refuse({.status = Status::kMethodNotAllowed, .head_only = true, .allow = Allow::kKey});
    CHECK(head.head.allow == Allow::kKey);
    CHECK(head.head.content_length == 18);
    CHECK(head.body().empty());
}

TEST_CASE("a page is its text, and its length alone for HEAD") {
    const Route health{.operation = Operation::kHealth};
    const Response got = page(health, ContentType::kText, store::make_value("ok"));
    CHECK(got.head.status == Status::kOk);
    CHECK(got.head.content_type == ContentType::kText);
    CHECK(got.body() == "ok");
    const Route head{.operation = Operation::kHealth, .head_only = true};
    CHECK(page(head, ContentType::kText, store::make_value("ok")).body().empty());
    CHECK(page(head, ContentType::kText, store::make_value("ok")).head.content_length == 2);
}

} // namespace kvduel::kv
