#pragma once

#include "core/http/method.hpp"

#include <cstdint>
#include <string_view>

namespace kvduel::kv {

/// A request-target taken apart by its form (RFC 9112 3.2). Views point into the target.
struct Target {
    enum class Form : std::uint8_t {
        kPath,      ///< origin-form, or absolute-form with http: `path` and `query` are what it names
        kHttps,     ///< absolute-form with https: not ours, 421
        kAsterisk,  ///< "*" of OPTIONS
        kAuthority, ///< host and port of CONNECT
        kFaulty,    ///< none of these, or not with this method: 400
    };

    Form form = Form::kFaulty;
    std::string_view path = {};  ///< begins with "/"; percent-escapes not yet looked at
    std::string_view query = {}; ///< without its "?"
};

/// Pure; no allocation.
Target parse_target(std::string_view text, http::Method method) noexcept;

} // namespace kvduel::kv
