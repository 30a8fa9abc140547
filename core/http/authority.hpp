#pragma once

#include <string_view>

namespace kvduel::http {

/// Whether `text` is uri-host [ ":" port ] with a host of at least one byte (RFC 9110 4.2.1, 7.2; RFC 3986
/// 3.2.2, 3.2.3). No userinfo: RFC 9110 4.2.4 has it treated as an error. Pure.
bool is_valid_authority(std::string_view text) noexcept;

/// The same with a port of one digit or more, as CONNECT must send it (RFC 9112 3.2.3).
bool is_valid_authority_with_port(std::string_view text) noexcept;

} // namespace kvduel::http
