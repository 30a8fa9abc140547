#pragma once

#include "harness/experiment/plan/suite.hpp"

#include <vector>

namespace kvduel::experiment {

/// What a run will take, before it begins.
struct Estimate {
    unsigned trials = 0;
    double seconds = 0;
    double refinement_s = 0; ///< that may come on top, at the most (refine.hpp)

    bool operator==(const Estimate&) const = default;
};

/// A trial from the start of its server to the rest after it: warm-up, window, `rest`, and what it takes to
/// start, fill, connect, drain and stop, by what was measured on a 2-CPU machine. Pure, as all below.
double trial_seconds(const Parameters& cell, Duration rest);

/// All blocks of `suite` with `contenders`, each with an opening trial (the longest there is), the
/// capacities that it needs and its searches, and what its refinement may take; a contender that misses an
/// option of a cell is left out of it.
Estimate estimate(const Suite& suite, const std::vector<Contender>& contenders, Duration rest);

} // namespace kvduel::experiment
