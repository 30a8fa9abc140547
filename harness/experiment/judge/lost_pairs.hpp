#pragma once

#include "harness/experiment/record/report.hpp"

#include <string>
#include <vector>

namespace kvduel::experiment {

/// What invalid trials took from a run: of the pairs that it planned, in every cell and for every two
/// contenders one a block, how many it does not have. A contender that runs a cell alone has trials instead.
struct LostPairs {
    unsigned planned = 0;
    unsigned lost = 0;
    std::vector<std::string> unmeasured; ///< cells that have none at all: "hot-get: threads and async"

    /// More than this share of a run may be a selection: the machine, or the plan, was unfit for it.
    static constexpr double kMost = 0.20;
    double share() const { return planned == 0 ? 0 : static_cast<double>(lost) / planned; }
    /// A question without any answer, or too few answers on the whole, make a run invalid. A cell that lost
    /// many and not all is not judged (margins.hpp, kMaxLostShare) and leaves the others as they are.
    bool are_too_many() const { return share() > kMost || !unmeasured.empty(); }
};

/// Of a run that has ended. Pure.
LostPairs lost_pairs(const RunReport& report);

} // namespace kvduel::experiment
