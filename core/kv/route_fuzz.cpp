#include "core/kv/key_rule.hpp"
#include "core/kv/route.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

// The first byte chooses the method, the rest is the target. A routed key keeps the rules of keys, a refusal
// is one of the contract's, and the absolute form of a path is routed like the path.
namespace {

using namespace kvduel;

constexpr http::Limits kLimits{.max_key_bytes = 16, .max_value_bytes = 16};

void require(bool holds) {
    if (!holds) std::abort();
}

http::Head make_head(std::uint8_t choice, std::string_view target) {
    constexpr unsigned kMethods = static_cast<unsigned>(http::Method::kUnknown) + 1;
    http::Head head;
    head.method = static_cast<http::Method>(choice % kMethods);
    head.target = target;
    if (choice >= 128) {
        head.framing = http::Framing::kLength;
        head.content_length = choice % 32U;
    }
    return head;
}

bool is_known(http::Status status) {
    using http::Status;
    constexpr std::array kStatuses{
        Status::kBadRequest, Status::kMisdirectedRequest, Status::kUriTooLong,     Status::kNotImplemented,
        Status::kNotFound,   Status::kMethodNotAllowed,   Status::kContentTooLarge};
    return std::find(kStatuses.begin(), kStatuses.end(), status) != kStatuses.end();
}

void check_route(const kv::Route& route, const http::Head& head, const std::string& key) {
    require(head.content_length <= route.max_body_bytes);
    require(route.head_only == (head.method == http::Method::kHead));
    if (route.operation > kv::Operation::kErase) return;
    require(!key.empty() && key.size() <= kLimits.max_key_bytes && key.size() < head.target.size());
    require(!kv::has_control_byte(key));
}

bool is_same(const kv::RouteResult& left, const kv::RouteResult& right) {
    if (left.index() != right.index()) return false;
    if (const auto* route = std::get_if<kv::Route>(&left))
        return route->operation == std::get<kv::Route>(right).operation;
    const auto& first = std::get<http::Refusal>(left);
    const auto& second = std::get<http::Refusal>(right);
    return first.status == second.status && first.closes == second.closes && first.allow == second.allow;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view target(reinterpret_cast<const char*>(data) + 1, size - 1);
    const http::Head head = make_head(data[0], target);
    std::string key = "old";
    const kv::RouteResult result = kv::route(head, kLimits, key);
    if (const auto* route = std::get_if<kv::Route>(&result))
        check_route(*route, head, key);
    else
        require(is_known(std::get<http::Refusal>(result).status));

    if (!target.starts_with('/') || head.method == http::Method::kConnect) return 0;
    const std::string absolute = "HTTP://h:80" + std::string(target);
    std::string absolute_key;
    require(is_same(kv::route(make_head(data[0], absolute), kLimits, absolute_key), result));
    require(absolute_key == key);
    return 0;
}
