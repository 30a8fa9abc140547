#pragma once

#include "core/support/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace kvduel::report {

/// Does the file begin as gzip does (RFC 1952, 2.3.1)?
bool is_gzip(std::string_view bytes) noexcept;

/// `text` as a gzip file of one member, without a name and a time: the same text, the same bytes. As fast as
/// zlib goes, for a report is written anew after every trial. Throws std::bad_alloc. Pure.
std::string gzip(std::string_view text);

/// What a gzip file of one member holds. At most `max_bytes` + 1 bytes of it, so that the caller sees that it
/// is too long: a small file may claim to hold anything. kBadInput, without a place, if it is broken, cut, or
/// something follows it. Pure.
Result<std::string> gunzip(std::string_view bytes, std::size_t max_bytes);

} // namespace kvduel::report
