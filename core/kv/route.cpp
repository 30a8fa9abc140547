#include "core/kv/route.hpp"

#include "core/http/percent.hpp"
#include "core/kv/key_rule.hpp"
#include "core/kv/target.hpp"

#include <optional>
#include <string_view>

namespace kvduel::kv {

namespace {

using http::Allow;
using http::Method;
using http::Refusal;
using http::Status;

enum class Resource : std::uint8_t { kAll, kRoot, kKey, kHealth, kStats, kMetrics, kNone };

constexpr Refusal stays_open(Status status, Allow allow = Allow::kNone) {
    return {.status = status, .closes = false, .allow = allow};
}

Resource find_resource(std::string_view path) noexcept {
    if (path == "/") return Resource::kRoot;
    if (path.find('/', 1) == std::string_view::npos) return Resource::kKey;
    if (path == "/-/health") return Resource::kHealth;
    if (path == "/-/stats") return Resource::kStats;
    if (path == "/-/metrics") return Resource::kMetrics;
    return Resource::kNone;
}

// Form and escapes 400, 421, key 414. Leaves the decoded path, without its first slash, in `key`.
std::optional<Refusal> judge_target(const Target& target, Resource resource, const http::Limits& limits,
                                    std::string& key) {
    if (target.form == Target::Form::kFaulty) return Refusal{};
    if (target.form == Target::Form::kAsterisk || target.form == Target::Form::kAuthority)
        return std::nullopt;
    const bool is_decoded = http::percent_decode(target.path.substr(1), key);
    if (!is_decoded || has_control_byte(key) || !http::is_percent_encoded(target.query)) return Refusal{};
    if (target.form == Target::Form::kHttps) return Refusal{.status = Status::kMisdirectedRequest};
    if (resource == Resource::kKey && key.size() > limits.max_key_bytes)
        return Refusal{.status = Status::kUriTooLong};
    return std::nullopt;
}

Allow allowed(Resource resource) noexcept {
    switch (resource) {
    case Resource::kAll: return Allow::kAny;
    case Resource::kRoot: return Allow::kRoot;
    case Resource::kKey: return Allow::kKey;
    case Resource::kHealth:
    case Resource::kStats:
    case Resource::kMetrics: return Allow::kPage;
    case Resource::kNone: break;
    }
    return Allow::kNone;
}

std::optional<Operation> read_operation(Resource resource) noexcept {
    switch (resource) {
    case Resource::kRoot: // has no value of its own: route() refuses it last of all
    case Resource::kKey: return Operation::kGet;
    case Resource::kHealth: return Operation::kHealth;
    case Resource::kStats: return Operation::kStats;
    case Resource::kMetrics: return Operation::kMetrics;
    case Resource::kAll:
    case Resource::kNone: break;
    }
    return std::nullopt;
}

// What `method` does to `resource`; nothing is the 405.
std::optional<Operation> find_operation(Method method, Resource resource) noexcept {
    switch (method) {
    case Method::kGet:
    case Method::kHead: return read_operation(resource);
    case Method::kOptions: return Operation::kOptions;
    case Method::kPost:
        if (resource == Resource::kRoot) return Operation::kInsert;
        break;
    case Method::kPut:
        if (resource == Resource::kKey) return Operation::kPut;
        break;
    case Method::kDelete:
        if (resource == Resource::kKey) return Operation::kErase;
        break;
    case Method::kPatch:
    case Method::kTrace:
    case Method::kConnect:
    case Method::kUnknown: break;
    }
    return std::nullopt;
}

RouteResult judge(const http::Head& head, const http::Limits& limits, std::string& key) {
    key.clear();
    const Target target = parse_target(head.target, head.method);
    const Resource resource =
        target.form == Target::Form::kAsterisk ? Resource::kAll : find_resource(target.path);
    if (const auto refusal = judge_target(target, resource, limits, key)) return *refusal;
    if (head.method == Method::kConnect) return Refusal{.status = Status::kNotImplemented};
    if (head.method == Method::kUnknown) return stays_open(Status::kNotImplemented);
    if (resource == Resource::kNone) return stays_open(Status::kNotFound);
    const std::optional<Operation> operation = find_operation(head.method, resource);
    if (!operation) return stays_open(Status::kMethodNotAllowed, allowed(resource));
    if (head.expectation == http::Expectation::kUnknown) return Refusal{.status = Status::kExpectationFailed};

    const std::uint64_t limit = max_body_bytes(head.method, limits);
    if (head.content_length > limit) return Refusal{.status = Status::kContentTooLarge};
    if (*operation == Operation::kGet && resource == Resource::kRoot)
        return Refusal{.closes = false, .text = "Key cannot be empty"};
    return Route{*operation, head.method == Method::kHead, allowed(resource), limit};
}

// A connection outlives a refusal only if the body behind it can be read and dropped: not when the sender
// waits for a 100 that will not come (RFC 9110 10.1.1), nor when more is announced than we would ever read.
bool body_can_be_dropped(const http::Head& head, const http::Limits& limits) noexcept {
    return head.expectation != http::Expectation::kContinue &&
           head.content_length <= max_body_bytes(head.method, limits);
}

} // namespace

std::uint64_t max_body_bytes(Method method, const http::Limits& limits) noexcept {
    return method == Method::kPost ? limits.max_post_body_bytes() : limits.max_value_bytes;
}

RouteResult route(const http::Head& head, const http::Limits& limits, std::string& key) {
    RouteResult result = judge(head, limits, key);
    if (auto* const refusal = std::get_if<Refusal>(&result)) {
        refusal->head_only = head.method == Method::kHead;
        if (!body_can_be_dropped(head, limits)) refusal->closes = true;
    }
    return result;
}

} // namespace kvduel::kv
