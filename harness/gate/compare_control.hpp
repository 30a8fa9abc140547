#pragma once

#include "core/support/error.hpp"
#include "harness/experiment/record/report.hpp"

#include <string>
#include <vector>

namespace kvduel::gate {

struct CompareRequest;

/// The contender of the report with this id; null if it has none.
const experiment::Contender* find_contender(const experiment::RunReport& report, const std::string& id);

/// By which contender all others of two stored reports are measured. If none is named: the first that is the
/// same program (sha256) run the same way (its command, whatever folder it lay in, and its options) in both,
/// else the first of base that stands in both. One that is not the same is used with a warning, and so are
/// others that were started otherwise in head: what their flags did is judged as if it were their code's.
/// kUsage: the named one is not in both. kInvalid: no contender is.
Result<std::string> choose_control(const CompareRequest& request, std::vector<std::string>& warnings);

} // namespace kvduel::gate
