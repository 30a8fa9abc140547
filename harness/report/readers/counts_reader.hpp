#pragma once

#include "core/support/error.hpp"
#include "harness/gate/counts.hpp"

#include <string>
#include <vector>

namespace kvduel::report {

/// A kvduel.counts/1 file of two builds, as scripts/count_instructions.sh writes it: the servers that both
/// have. Errors are kBadInput with `file#/pointer`; a newer schema is named as such.
Result<gate::Counts> read_counts(const std::string& path);

} // namespace kvduel::report
