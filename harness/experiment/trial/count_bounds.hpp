#pragma once

#include "harness/experiment/record/trial.hpp"
#include "harness/load/result.hpp"

#include <cstdint>

namespace kvduel::experiment {

/// Between which numbers the server's own count of requests (answers, in ours) must lie, over all phases. An
/// unanswered request may or may not have reached it; with none the bounds are one. Of a background, what the
/// server dropped in order had no answer. Pure.
struct CountBounds {
    std::uint64_t least = 0;
    std::uint64_t most = 0;
};

template <typename Load>
CountBounds count_bounds(const Load& load) {
    CountBounds bounds{load.completed_all_phases, load.sent_all_phases};
    for (const load::BackgroundResult& one : load.background) {
        bounds.least += one.completed_all_phases;
        bounds.most += one.sent_all_phases - one.dropped_all_phases;
    }
    return bounds;
}

} // namespace kvduel::experiment
