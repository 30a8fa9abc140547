#pragma once

#include <string>
#include <string_view>

namespace kvduel {

/// What this binary was built from. Constant for the life of the program; any thread may read it.
struct BuildInfo {
    std::string_view version;
    std::string_view git_sha; ///< 40 hex digits, or "unknown" outside a checkout
    bool dirty;               ///< tracked files differed from git_sha, or git could not tell
    std::string_view build_type;
    std::string_view compiler;
    std::string_view flags;
};

const BuildInfo& build_info() noexcept;

/// The text of --version: one line a person and a script can both read.
std::string version_line(std::string_view program);

} // namespace kvduel
