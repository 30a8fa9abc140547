#include "core/http/method.hpp"
#include "core/http/status.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <utility>

namespace kvduel::http {

TEST_CASE("methods are known by their exact name") {
    const std::initializer_list<std::pair<const char*, Method>> rows{
        {"GET", Method::kGet},     {"HEAD", Method::kHead},     {"POST", Method::kPost},
        {"PUT", Method::kPut},     {"DELETE", Method::kDelete}, {"OPTIONS", Method::kOptions},
        {"PATCH", Method::kPatch}, {"TRACE", Method::kTrace},   {"CONNECT", Method::kConnect},
        {"get", Method::kUnknown}, {"GETX", Method::kUnknown},  {"GE", Method::kUnknown},
        {"", Method::kUnknown},
    };
    for (const auto& row : rows) CHECK_MESSAGE(parse_method(row.first) == row.second, row.first);
}

TEST_CASE("Allow names what each resource allows") {
    CHECK(allow_text(Allow::kNone).empty());
    CHECK(allow_text(Allow::kRoot) == "GET, HEAD, POST, OPTIONS");
    CHECK(allow_text(Allow::kKey) == "GET, HEAD, PUT, DELETE, OPTIONS");
    CHECK(allow_text(Allow::kPage) == "GET, HEAD, OPTIONS");
}

TEST_CASE("every status has its registered reason phrase") {
    CHECK(reason(Status::kBadRequest) == "Bad Request");
    CHECK(reason(Status::kContentTooLarge) == "Content Too Large");
    CHECK(reason(Status::kRequestHeaderFieldsTooLarge) == "Request Header Fields Too Large");
    CHECK(reason(Status::kHttpVersionNotSupported) == "HTTP Version Not Supported");
}

} // namespace kvduel::http
