#pragma once

#include "core/support/error.hpp"

#include <string>
#include <string_view>

namespace kvduel::report {

/// Puts `text` in place of the file at `path`, whole or not at all: a temporary file in the same folder,
/// write, fsync, close, rename, fsync of the folder (docs/decisions, durability of reports). Whatever fails,
/// an older file stays as it was, the temporary one is removed, and the error is kCannotWrite with the path
/// and the system's reason. A path that is there and not a regular file (a folder, a device, a pipe) is
/// refused, never renamed over. A link is followed: the file it names is replaced, not the link.
Outcome write_whole_file(const std::string& path, std::string_view text);

} // namespace kvduel::report
