#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace kvduel::experiment {

/// What a finding does to its trial.
enum class CheckKind : std::uint8_t {
    kInvalid, ///< the numbers do not stand; they are kept and shown only with the code
    kWarning, ///< the numbers stand; the reader should know
    kEither,  ///< by degree: the message says which
};

/// A row of the table of checks.
struct Check {
    std::string_view code;
    CheckKind kind;
    std::string_view condition; ///< one line, for `kvduel list metrics` and the docs
};

/// Every code a trial can bear, in the order they are judged.
std::span<const Check> checks();

} // namespace kvduel::experiment
