#pragma once

#include "core/support/error.hpp"
#include "harness/load/plan.hpp"

#include <string>
#include <string_view>

namespace kvduel::cli {

/// What `kvduel load` is aimed at.
struct Url {
    load::Target target;
    std::string path; ///< with its query; empty if the URL ends at the port
};

/// http://HOST[:PORT][/PATH]: HOST is localhost, an IPv4 address or an IPv6 address in brackets; no user, no
/// fragment, no byte that must be escaped. Errors are kUsage and name the URL. Pure.
Result<Url> parse_url(std::string_view text);

} // namespace kvduel::cli
