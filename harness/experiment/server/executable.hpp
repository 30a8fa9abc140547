#pragma once

#include "core/support/error.hpp"
#include "harness/experiment/plan/contender.hpp"

#include <string>
#include <string_view>

namespace kvduel::experiment {

/// The folder of the running program, without a slash at the end; empty if /proc cannot tell.
std::string own_folder();

/// `path` as seen from `folder`: without it if it lies in it, else unchanged. Pure.
std::string relative_to(std::string_view folder, const std::string& path);

/// The path of the program `name`: a name with a slash is taken as it is, any other is looked for in `folder`
/// first (build/PRESET/bin), then where scripts/setup.sh puts the references (build/references), then on PATH
/// (`path`, as the environment variable holds it). kUnavailable if there is none, or it is a folder or not
/// executable.
Result<std::string> find_executable(const std::string& name, std::string_view folder, std::string_view path);

/// Fills in executable and sha256, so that a contender that cannot be had is found before any trial. A target
/// comes back unchanged. kUnavailable names the contender, the program that is missing and how to get it.
Result<Contender> resolve(Contender contender, std::string_view folder, std::string_view path);

/// The same with our own folder and the PATH of the environment.
Result<Contender> resolve_here(Contender contender);

} // namespace kvduel::experiment
