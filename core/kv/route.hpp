#pragma once

#include "core/http/head.hpp"
#include "core/http/limits.hpp"
#include "core/http/refusal.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace kvduel::kv {

/// What a request asks for: one row of the contract's API table.
enum class Operation : std::uint8_t {
    kGet,     ///< GET or HEAD of a key
    kPut,     ///< PUT of a key
    kErase,   ///< DELETE of a key
    kInsert,  ///< POST /
    kOptions, ///< answers 204 with `allow`
    kHealth,  ///< the three pages under /-/, which the server answers itself
    kStats,
    kMetrics,
};

struct Route {
    Operation operation = Operation::kGet;
    bool head_only = false;                 ///< HEAD: GET's answer without its body
    http::Allow allow = http::Allow::kNone; ///< of the resource, for OPTIONS
    std::uint64_t max_body_bytes = 0;       ///< what BodyDecoder::start must enforce

    /// Pages are not counted against the in-flight cap and run no simulated work.
    bool is_page() const noexcept { return operation >= Operation::kHealth; }
    /// Whether the body is a value to keep, or is read and dropped.
    bool keeps_body() const noexcept {
        return operation == Operation::kPut || operation == Operation::kInsert;
    }
};

/// The longest body that a request with `method` may have, also one that is refused and whose body is only
/// read to be dropped. Pure.
std::uint64_t max_body_bytes(http::Method method, const http::Limits& limits) noexcept;

using RouteResult = std::variant<Route, http::Refusal>;

/// Judges what HeadReader leaves open, in the contract's order: target form and percent-decoding 400, 421,
/// key 414, method 501, route 404, 405, Expect 417, announced body 413; GET and HEAD of "/" are the 400 that
/// stays open, which is `Key cannot be empty`. Leaves the decoded key of a key route in `key`, which keeps
/// its capacity. Pure otherwise. A refusal that would stay open closes when the sender waits for a 100 or
/// announces more than max_body_bytes(): the body behind it would never be read.
RouteResult route(const http::Head& head, const http::Limits& limits, std::string& key);

} // namespace kvduel::kv
