#include "core/kv/route.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace kvduel::kv {

namespace {

using http::Allow;
using http::Expectation;
using http::Framing;
using http::Head;
using http::Limits;
using http::Method;
using http::Refusal;
using http::Status;

constexpr Limits kTightLimits{.max_key_bytes = 4, .max_value_bytes = 8};

Head make_head(Method method, std::string_view target) {
    Head head;
    head.method = method;
    head.target = target;
    return head;
}

Head with_length(Head head, std::uint64_t length) {
    head.framing = Framing::kLength;
    head.content_length = length;
    return head;
}

Head expecting(Head head, Expectation expectation) {
    head.expectation = expectation;
    return head;
}

Refusal refusal_of(const Head& head) {
    std::string key;
    const RouteResult result = route(head, kTightLimits, key);
    REQUIRE_MESSAGE(std::holds_alternative<Refusal>(result), head.target);
    return std::get<Refusal>(result);
}

/// "404" or, when it closes, "400!".
std::string verdict_of(const Head& head) {
    const Refusal refusal = refusal_of(head);
    return std::to_string(static_cast<int>(refusal.status)) + (refusal.closes ? "!" : "");
}

struct Routed {
    Route route;
    std::string key;
};

Routed routed(const Head& head) {
    std::string key = "old";
    const RouteResult result = route(head, kTightLimits, key);
    REQUIRE_MESSAGE(std::holds_alternative<Route>(result), head.target);
    return {std::get<Route>(result), key};
}

std::string key_of(std::string_view target) {
    return routed(make_head(Method::kGet, target)).key;
}

} // namespace

TEST_CASE("each method of a key has its operation") {
    CHECK(routed(make_head(Method::kGet, "/k")).route.operation == Operation::kGet);
    CHECK_FALSE(routed(make_head(Method::kGet, "/k")).route.head_only);
    CHECK(routed(make_head(Method::kHead, "/k")).route.operation == Operation::kGet);
    CHECK(routed(make_head(Method::kHead, "/k")).route.head_only);
    CHECK(routed(make_head(Method::kPut, "/k")).route.operation == Operation::kPut);
    CHECK(routed(make_head(Method::kDelete, "/k")).route.operation == Operation::kErase);
    CHECK(routed(make_head(Method::kOptions, "/k")).route.operation == Operation::kOptions);
    CHECK(routed(make_head(Method::kOptions, "/k")).route.allow == Allow::kKey);
    CHECK(routed(make_head(Method::kPost, "/")).route.operation == Operation::kInsert);
    CHECK(routed(make_head(Method::kOptions, "/")).route.allow == Allow::kRoot);
    CHECK(routed(make_head(Method::kOptions, "*")).route.operation == Operation::kOptions);
    CHECK(routed(make_head(Method::kOptions, "*")).route.allow == Allow::kAny);
}

TEST_CASE("the three pages are pages and nothing else under their name is") {
    CHECK(routed(make_head(Method::kGet, "/-/health")).route.operation == Operation::kHealth);
    CHECK(routed(make_head(Method::kHead, "/-/stats?x=1")).route.operation == Operation::kStats);
    CHECK(routed(make_head(Method::kHead, "/-/stats")).route.head_only);
    CHECK(routed(make_head(Method::kGet, "/-/metrics")).route.is_page());
    CHECK(routed(make_head(Method::kOptions, "/-/health")).route.allow == Allow::kPage);
    CHECK(verdict_of(make_head(Method::kPost, "/-/health")) == "405");
    CHECK(refusal_of(make_head(Method::kPut, "/-/health")).allow == Allow::kPage);
    CHECK(verdict_of(make_head(Method::kGet, "/-/")) == "404");
    CHECK(verdict_of(make_head(Method::kGet, "/-/healthy")) == "404");
    CHECK(verdict_of(make_head(Method::kGet, "/-/stats/")) == "404");
    CHECK(key_of("/-") == "-");
}

TEST_CASE("a key is one segment, decoded once, and nothing is normalised") {
    CHECK(key_of("/k?x=1") == "k");
    CHECK(key_of("/%6B") == "k");
    CHECK(key_of("/a%2Fb") == "a/b");
    CHECK(key_of("/%2541") == "%41");
    CHECK(key_of("/a+b") == "a+b");
    CHECK(key_of("/.") == ".");
    CHECK(key_of("/..") == "..");
    CHECK(key_of("/%2F") == "/");
    CHECK(key_of("/%3F?") == "?");
    CHECK(key_of("/%C3%A9") == "\xC3\xA9");
    CHECK(key_of("http://h/k") == "k");
}

TEST_CASE("a target that breaks its form or its escapes is a 400 that closes") {
    for (const std::string_view target :
         {"*", "k", "ftp://h/k", "/%", "/%4", "/%zz", "/%00", "/a%1Fb", "/%7F", "/[", "/k?%", "/k?[",
          "/a/%zz", "http://h/%00", "https://h/%zz", "http://u@h/k"}) {
        CAPTURE(target);
        CHECK(verdict_of(make_head(Method::kGet, target)) == "400!");
    }
    CHECK(key_of("/k?%00") == "k");
    CHECK(verdict_of(make_head(Method::kGet, "https://h/k")) == "421!");
    CHECK(verdict_of(make_head(Method::kConnect, "h:443")) == "501!");
    CHECK(verdict_of(make_head(Method::kConnect, "/k")) == "400!");
}

TEST_CASE("the key's limit has two sides and counts decoded bytes") {
    CHECK(key_of("/%61%62%63%64") == "abcd");
    CHECK(verdict_of(make_head(Method::kGet, "/abcde")) == "414!");
    CHECK(verdict_of(make_head(Method::kGet, "/%61%62%63%64%65")) == "414!");
    CHECK(verdict_of(make_head(Method::kGet, "/abcd/efgh")) == "404");
}

TEST_CASE("unknown methods, routes and forbidden methods leave the connection open") {
    CHECK(verdict_of(make_head(Method::kUnknown, "/k")) == "501");
    CHECK(verdict_of(make_head(Method::kUnknown, "/a/b")) == "501");
    CHECK(verdict_of(make_head(Method::kGet, "/a/b")) == "404");
    CHECK(verdict_of(make_head(Method::kGet, "//")) == "404");
    CHECK(verdict_of(make_head(Method::kOptions, "/a/b")) == "404");
    for (const Method method : {Method::kPatch, Method::kTrace, Method::kPost}) {
        CHECK(verdict_of(make_head(method, "/k")) == "405");
        CHECK(refusal_of(make_head(method, "/k")).allow == Allow::kKey);
    }
    for (const Method method : {Method::kPut, Method::kDelete, Method::kPatch, Method::kTrace}) {
        CHECK(verdict_of(make_head(method, "/")) == "405");
        CHECK(refusal_of(make_head(method, "/")).allow == Allow::kRoot);
    }
}

TEST_CASE("a read of / is the 400 that stays open and says why") {
    CHECK(verdict_of(make_head(Method::kGet, "/")) == "400");
    CHECK(verdict_of(make_head(Method::kGet, "http://h")) == "400");
    CHECK(refusal_of(make_head(Method::kGet, "/?x")).text == "Key cannot be empty");
    CHECK_FALSE(refusal_of(make_head(Method::kGet, "/")).head_only);
    CHECK(refusal_of(make_head(Method::kHead, "/")).head_only);
}

TEST_CASE("the body's limit has two sides and is the value's but for POST") {
    CHECK(routed(with_length(make_head(Method::kPut, "/k"), 8)).route.max_body_bytes == 8);
    CHECK(verdict_of(with_length(make_head(Method::kPut, "/k"), 9)) == "413!");
    CHECK(routed(with_length(make_head(Method::kPost, "/"), 13)).route.max_body_bytes == 13);
    CHECK(verdict_of(with_length(make_head(Method::kPost, "/"), 14)) == "413!");
    CHECK(verdict_of(with_length(make_head(Method::kGet, "/k"), 9)) == "413!");
    CHECK(verdict_of(with_length(make_head(Method::kGet, "/-/stats"), 9)) == "413!");
}

TEST_CASE("of several errors the contract's first wins") {
    const auto bad = [](Method method, std::string_view target) {
        return with_length(expecting(make_head(method, target), Expectation::kUnknown), 1'000);
    };
    CHECK(verdict_of(bad(Method::kUnknown, "/%zz")).starts_with("400"));
    CHECK(verdict_of(bad(Method::kUnknown, "https://h/abcde")).starts_with("421"));
    CHECK(verdict_of(bad(Method::kUnknown, "/abcde")).starts_with("414"));
    CHECK(verdict_of(bad(Method::kUnknown, "/a/b")).starts_with("501"));
    CHECK(verdict_of(bad(Method::kPatch, "/a/b")).starts_with("404"));
    CHECK(verdict_of(bad(Method::kPatch, "/k")).starts_with("405"));
    CHECK(verdict_of(bad(Method::kPut, "/k")) == "417!");
    CHECK(verdict_of(bad(Method::kGet, "/")) == "417!");
    CHECK(verdict_of(with_length(make_head(Method::kGet, "/"), 1'000)) == "413!");
}

TEST_CASE("an answer known from the head closes when a 100 is awaited or the body is too long to drop") {
    CHECK(verdict_of(expecting(make_head(Method::kPatch, "/k"), Expectation::kContinue)) == "405!");
    CHECK(verdict_of(with_length(make_head(Method::kPatch, "/k"), 8)) == "405");
    CHECK(verdict_of(with_length(make_head(Method::kPatch, "/k"), 9)) == "405!");
    CHECK(verdict_of(with_length(make_head(Method::kGet, "/a/b"), 9)) == "404!");
    CHECK(verdict_of(with_length(make_head(Method::kPost, "/k"),
                                 max_body_bytes(Method::kPost, kTightLimits))) == "405");
    CHECK(verdict_of(with_length(make_head(Method::kPost, "/k"), 14)) == "405!");
}

TEST_CASE("the refusal of a HEAD has no body") {
    CHECK(refusal_of(make_head(Method::kHead, "/a/b")).head_only);
    CHECK(refusal_of(make_head(Method::kHead, "/%zz")).head_only);
    CHECK(refusal_of(make_head(Method::kHead, "/abcde")).head_only);
}

} // namespace kvduel::kv
