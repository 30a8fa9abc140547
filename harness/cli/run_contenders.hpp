#pragma once

#include "harness/cli/values.hpp"
#include "harness/experiment/plan/suite.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kvduel::cli {

/// ID=COMMAND. A command whose program is that of a built-in contender takes over its options and says itself
/// when it listens; any other program is asked by TCP connects if {port} is in its command, else it must
/// announce itself.
Take take_own_contender(std::function<void(experiment::Contender)> keep);

/// The contenders of a run: those `ids` name, else the suite's, and all of `own` besides. An unknown id is a
/// kUsage error with the names that are known; so is an id twice.
Result<std::vector<experiment::Contender>>
choose_contenders(const experiment::Suite& suite, const std::optional<std::vector<std::string>>& ids,
                  const std::vector<experiment::Contender>& own);

} // namespace kvduel::cli
