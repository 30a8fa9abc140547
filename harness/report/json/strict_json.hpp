#pragma once

#include "core/support/error.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace kvduel::report {

using Json = nlohmann::json;

/// How much a document may ask of the reader. Documents come from strangers: each bound is checked while
/// reading.
struct JsonLimits {
    std::size_t max_bytes = std::size_t{1} << 20;
    std::size_t max_depth = 64;
    bool allows_comments = false; ///< `//` and `/* */`, as in suites
};

/// Of suites, scenarios and tables of tolerances: files that people write.
inline constexpr JsonLimits kHandWritten{.allows_comments = true};

/// Text to a tree, strictly: one document, UTF-8, no key twice in an object, numbers that fit (integers 64
/// bits, the rest a finite double). Errors are ErrorKind::kBadInput and name the place: `file:line:column:
/// not JSON:
/// ...` while the text is not JSON, `file#/pointer: ...` once it is. Pure; any thread.
Result<Json> parse_json(std::string_view text, std::string_view file, const JsonLimits& limits = {});

/// The same for the file at `path`, which names itself in errors, and may be compressed by gzip: then the
/// limit holds for what it unpacks to. Reads at most max_bytes + 1 bytes of it; a
/// folder, a device or a missing file is an error of the same kind.
Result<Json> read_json_file(const std::string& path, const JsonLimits& limits = {});

/// One step of a JSON pointer, escaped (RFC 6901 section 3). Control bytes are shown as `?`: pointers are
/// printed.
std::string pointer_step(std::string_view key);

} // namespace kvduel::report
