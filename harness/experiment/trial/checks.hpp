#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace kvduel::experiment {

/// What a finding does to its trial.
enum class CheckKind : std::uint8_t {
    kInvalid, ///< the numbers do not stand; they are kept and shown only with the code
    kWarning, ///< the numbers stand; the reader should know
    kEither,  ///< by degree: the condition says which
};

/// A row of the table of checks.
struct Check {
    std::string_view code;
    CheckKind kind;
    std::string condition; ///< one line with the limits of check_limits.hpp
};

/// Every code a trial can bear, in the order they are judged (check_trial.hpp). `kvduel list metrics` prints
/// this table and docs/how-it-measures.md holds the same, which a test compares.
std::span<const Check> checks();

/// "invalid", "warning", "invalid or warning".
std::string_view effect_of(CheckKind kind);

} // namespace kvduel::experiment
