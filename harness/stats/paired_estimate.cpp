#include "harness/stats/paired_estimate.hpp"

#include "harness/stats/signed_rank.hpp"
#include "harness/stats/t_interval.hpp"

namespace kvduel::stats {

PairedEstimate estimate_paired(std::span<const double> differences, double sd_floor) {
    PairedEstimate estimate;
    estimate.centre = hodges_lehmann(differences);
    if (differences.size() < kLeastBlocks) return estimate;
    if (differences.size() < kLeastSignedRankBlocks) {
        const Moments moments = moments_of(differences, sd_floor);
        estimate.at95 = t_interval(moments, 0.95);
        estimate.at90 = t_interval(moments, 0.90);
    } else {
        estimate.at95 = signed_rank_interval(differences, 0.95);
        estimate.at90 = signed_rank_interval(differences, 0.90);
    }
    return estimate;
}

} // namespace kvduel::stats
