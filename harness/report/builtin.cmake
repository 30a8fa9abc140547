# Writes the source that holds the built-in JSON files as texts (builtin.hpp).
function(row result path)
    get_filename_component(name "${path}" NAME_WE)
    file(RELATIVE_PATH relative "${ROOT}" "${path}")
    file(READ "${path}" text)
    # A raw literal ends at its delimiter, and compilers bound its length: 16 KiB is allowed by all.
    string(LENGTH "${text}" length)
    if(length GREATER 16000 OR text MATCHES "\\)kvduel\"")
        message(FATAL_ERROR "${relative} cannot be compiled in: over 16,000 bytes or with )kvduel\" in it")
    endif()
    set(${result} "{\"${name}\", \"${relative}\", R\"kvduel(${text})kvduel\"}" PARENT_SCOPE)
endfunction()

function(rows result)
    set(text "")
    foreach(path ${ARGN})
        row(one "${path}")
        string(APPEND text "    ${one},\n")
    endforeach()
    set(${result} "${text}" PARENT_SCOPE)
endfunction()

rows(suites ${SUITES})
rows(scenarios ${SCENARIOS})
row(contenders "${CONTENDERS}")
row(tolerances "${TOLERANCES}")
row(between_runs "${BETWEEN_RUNS}")
file(WRITE "${OUTPUT}" "// Made by builtin.cmake.
#include \"harness/report/readers/builtin.hpp\"

#include <array>

namespace kvduel::report {
namespace {

constexpr auto kSuites = std::to_array<BuiltinFile>({
${suites}});

constexpr auto kScenarios = std::to_array<BuiltinFile>({
${scenarios}});

constexpr BuiltinFile kContenders = ${contenders};

constexpr BuiltinFile kTolerances = ${tolerances};

constexpr BuiltinFile kBetweenRuns = ${between_runs};

} // namespace

std::span<const BuiltinFile> builtin_suites() noexcept {
    return kSuites;
}

std::span<const BuiltinFile> builtin_scenarios() noexcept {
    return kScenarios;
}

const BuiltinFile& builtin_contenders_file() noexcept {
    return kContenders;
}

const BuiltinFile& builtin_tolerances_file() noexcept {
    return kTolerances;
}

const BuiltinFile& builtin_between_runs_file() noexcept {
    return kBetweenRuns;
}

} // namespace kvduel::report
")
