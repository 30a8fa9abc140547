#include "harness/stats/family.hpp"

#include "harness/stats/holm.hpp"
#include "harness/stats/paired_estimate.hpp"
#include "harness/stats/sign_flip.hpp"
#include "harness/stats/t_interval.hpp"

#include <algorithm>

namespace kvduel::stats {
namespace {

/// Places in the family of the endpoints that one method judges.
struct Group {
    std::vector<std::size_t> members;

    void spread(const std::vector<double>& p, std::size_t judged,
                std::vector<std::optional<double>>& all) const {
        const double share = static_cast<double>(members.size()) / static_cast<double>(judged);
        for (std::size_t i = 0; i < members.size(); ++i) all[members[i]] = std::min(1.0, p[i] / share);
    }
};

} // namespace

std::vector<std::optional<double>> adjusted_p(std::span<const Endpoint> family) {
    Group few;
    Group many;
    std::vector<double> few_p;
    std::vector<Endpoint> many_endpoints;
    for (std::size_t i = 0; i < family.size(); ++i) {
        const std::vector<double> differences = family[i].present();
        if (differences.size() < kLeastBlocks) continue;
        if (differences.size() < kLeastSignedRankBlocks) {
            few.members.push_back(i);
            few_p.push_back(t_test(moments_of(differences, family[i].sd_floor)));
        } else {
            many.members.push_back(i);
            many_endpoints.push_back(family[i]);
        }
    }
    std::vector<std::optional<double>> all(family.size());
    const std::size_t judged = few.members.size() + many.members.size();
    few.spread(holm(few_p), judged, all);
    many.spread(sign_flip_max_t(many_endpoints), judged, all);
    return all;
}

} // namespace kvduel::stats
