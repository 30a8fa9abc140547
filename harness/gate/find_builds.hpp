#pragma once

#include "core/support/error.hpp"
#include "harness/gate/gate.hpp"

#include <string>
#include <vector>

namespace kvduel::gate {

inline constexpr std::size_t kMostLinks = 16;

/// The links of `program` in a build's folder: FOLDER/links/1/, 2/, ... if there are any, else FOLDER/ or
/// FOLDER/bin/. kUnavailable names the folder and what was looked for.
Result<std::vector<Link>> find_links(const std::string& folder, const std::string& program);

/// Both sides of each of `servers`, base before head.
Result<std::vector<ServerBuild>> find_builds(const GateRequest& request);

/// kInvalid if the two sides must not be compared: the same build twice without --aa; a build that is not
/// Release, or of a checkout with changes (without --allow-dirty); another compiler or other flags. Programs
/// that do not tell their build are taken as they are. Pure.
Outcome check_builds(const GateRequest& request, const std::vector<ServerBuild>& builds);

/// Are all servers the same on both sides, byte by byte? Pure.
bool is_same_build(const std::vector<ServerBuild>& builds);

} // namespace kvduel::gate
