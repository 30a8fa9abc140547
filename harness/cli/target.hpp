#pragma once

#include "core/support/error.hpp"
#include "harness/cli/values.hpp"
#include "harness/experiment/plan/contender.hpp"
#include "harness/load/plan.hpp"

#include <functional>

namespace kvduel::cli {

/// A contender that somebody else started: its id is "target".
experiment::Contender make_target(load::Target target);

/// kUnavailable if nobody accepts there: said before anything starts.
Outcome check_reachable(const load::Target& target);

/// http://HOST[:PORT], without a path: which one is asked for is the suite's to say.
Take take_target(std::function<void(experiment::Contender)> keep);

} // namespace kvduel::cli
