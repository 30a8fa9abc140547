#pragma once

#include <span>
#include <string_view>

namespace kvduel::report {

/// A file of the repository that is compiled in (CMakeLists.txt of this folder).
struct BuiltinFile {
    std::string_view name; ///< without folder and ".json"
    std::string_view path; ///< in the repository, for messages
    std::string_view text;
};

/// harness/suites/*.json, by name.
std::span<const BuiltinFile> builtin_suites() noexcept;

/// harness/scenarios/*.json, by name.
std::span<const BuiltinFile> builtin_scenarios() noexcept;

/// servers/contenders.json.
const BuiltinFile& builtin_contenders_file() noexcept;

/// harness/gate/tolerances.json.
const BuiltinFile& builtin_tolerances_file() noexcept;

/// harness/gate/between-runs.json.
const BuiltinFile& builtin_between_runs_file() noexcept;

} // namespace kvduel::report
