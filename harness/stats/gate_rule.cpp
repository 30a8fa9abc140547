#include "harness/stats/gate_rule.hpp"

#include "harness/stats/signed_rank.hpp"
#include "harness/stats/signs.hpp"
#include "harness/stats/student_t.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <random>
#include <utility>

namespace kvduel::stats {
namespace {

constexpr double kPoolBlocks = 4; // the weight of the metric's variance in an endpoint's

/// The differences of an endpoint without the effect of the place in the pair; 0 where there is no pair.
struct Adjusted {
    std::vector<double> by_block;
    std::vector<double> present;
    double squares = 0;
    double n = 0;
    std::size_t metric = 0;

    double variance(double sum) const {
        return std::max((squares - sum * sum / n) / (n - 2), kLeastGateVariance);
    }
    double sum() const {
        double total = 0;
        for (const double value : present) total += value;
        return total;
    }
};

/// Half of what separates the pairs in which head ran first from the others: by least squares, so that a lost
/// pair does not make a part of head's difference an effect of the place. 0 where all ran in one order.
double place_effect(const GateEndpoint& endpoint) {
    double head_first = 0;
    double base_first = 0;
    unsigned heads = 0;
    unsigned bases = 0;
    for (const auto& pair : endpoint.by_block) {
        if (!pair) continue;
        (pair->has_head_first ? head_first : base_first) += pair->worse_by;
        ++(pair->has_head_first ? heads : bases);
    }
    return heads == 0 || bases == 0 ? 0 : (head_first / heads - base_first / bases) / 2;
}

Adjusted adjust(const GateEndpoint& endpoint) {
    Adjusted adjusted;
    adjusted.metric = endpoint.metric;
    const double slot = place_effect(endpoint);
    for (const auto& pair : endpoint.by_block) {
        adjusted.by_block.push_back(!pair ? 0 : pair->worse_by - (pair->has_head_first ? slot : -slot));
        if (!pair) continue;
        ++adjusted.n;
        adjusted.present.push_back(adjusted.by_block.back());
        adjusted.squares += adjusted.present.back() * adjusted.present.back();
    }
    return adjusted;
}

/// The endpoints that are judged, and the largest t among them under sign after sign.
class MaxT {
public:
    explicit MaxT(std::vector<Adjusted> family) : family_(std::move(family)) {
        blocks_ = family_.empty() ? 0 : family_.front().by_block.size();
        for (const Adjusted& one : family_) {
            members_.resize(std::max(members_.size(), one.metric + 1), 0.0);
            ++members_[one.metric];
        }
        sums_.resize(family_.size());
        t_.resize(family_.size());
        pool_.resize(members_.size());
        reset();
        measure();
        observed_ = t_;
        reached_.assign(family_.size(), 0);
    }

    std::vector<double> p() {
        blocks_ <= kMostGateExhaustive ? count_all() : count_drawn();
        std::vector<double> shares;
        for (const std::uint64_t reached : reached_)
            shares.push_back(static_cast<double>(reached) / static_cast<double>(vectors_));
        return shares;
    }

private:
    void reset() {
        for (std::size_t e = 0; e < family_.size(); ++e) sums_[e] = family_[e].sum();
    }
    void turn(std::size_t block, double factor) {
        for (std::size_t e = 0; e < family_.size(); ++e) sums_[e] += factor * family_[e].by_block[block];
    }

    /// The t of every endpoint as its sum now is, into t_.
    void measure() {
        std::ranges::fill(pool_, 0.0);
        for (std::size_t e = 0; e < family_.size(); ++e)
            pool_[family_[e].metric] += family_[e].variance(sums_[e]) / members_[family_[e].metric];
        for (std::size_t e = 0; e < family_.size(); ++e) {
            const double n = family_[e].n;
            const double variance =
                ((n - 2) * family_[e].variance(sums_[e]) + kPoolBlocks * pool_[family_[e].metric]) /
                (n - 2 + kPoolBlocks);
            t_[e] = sums_[e] / n / std::sqrt(variance / n);
        }
    }

    void count() {
        measure();
        const double most = *std::ranges::max_element(t_);
        for (std::size_t e = 0; e < t_.size(); ++e)
            if (most >= observed_[e] - kTieSlack * std::abs(observed_[e])) ++reached_[e];
        ++vectors_;
    }

    /// In Gray's order, one block turned from vector to vector.
    void count_all() {
        reset();
        std::uint64_t turned = 0;
        count();
        for (std::uint64_t i = 1; i < std::uint64_t{1} << blocks_; ++i) {
            const auto block = static_cast<std::size_t>(std::countr_zero(i));
            turned ^= std::uint64_t{1} << block;
            turn(block, (turned >> block & 1) != 0 ? -2 : 2);
            count();
        }
    }

    void count_drawn() {
        std::mt19937_64 random(kSignSeed);
        for (std::size_t draw = 0; draw <= kGateDraws; ++draw) {
            reset();
            std::uint64_t signs = 0;
            for (std::size_t block = 0; draw > 0 && block < blocks_; ++block) {
                if (block % 64 == 0) signs = random();
                if ((signs >> block % 64 & 1) != 0) turn(block, -2);
            }
            count();
        }
    }

    std::vector<Adjusted> family_;
    std::size_t blocks_ = 0;
    std::vector<double> members_; ///< of each metric, by its number
    std::vector<double> sums_;
    std::vector<double> pool_; ///< mean variance, by metric
    std::vector<double> t_;
    std::vector<double> observed_;
    std::vector<std::uint64_t> reached_;
    std::uint64_t vectors_ = 0;
};

bool has_enough(const Adjusted& endpoint, const GateLook& look) {
    return endpoint.n > 2 && endpoint.n >= kLeastGateShare * static_cast<double>(look.blocks);
}

GateFinding describe(const Adjusted& endpoint) {
    GateFinding finding;
    finding.n = endpoint.present.size();
    if (finding.n == 0) return finding;
    finding.centre = hodges_lehmann(endpoint.present);
    finding.at95 = signed_rank_interval(endpoint.present, 0.95);
    return finding;
}

void judge(GateFinding& finding, const Adjusted& endpoint, double p, double tolerance, const GateLook& look) {
    finding.p = p;
    finding.is_regression = p <= look.alpha && finding.centre >= tolerance / 2;
    const double sum = endpoint.sum();
    finding.at_worst = sum / endpoint.n + student_t_quantile(1 - look.beta, endpoint.n - 2) *
                                              std::sqrt(endpoint.variance(sum) / endpoint.n);
    finding.is_proven = *finding.at_worst < tolerance;
}

} // namespace

GateJudgement judge_gate(std::span<const GateEndpoint> family, const GateLook& look) {
    GateJudgement judgement;
    std::vector<Adjusted> judged;
    std::vector<std::size_t> places;
    for (std::size_t e = 0; e < family.size(); ++e) {
        Adjusted endpoint = adjust(family[e]);
        judgement.endpoints.push_back(describe(endpoint));
        if (!has_enough(endpoint, look)) continue;
        judged.push_back(std::move(endpoint));
        places.push_back(e);
    }
    if (!judged.empty()) {
        const std::vector<double> p = MaxT(judged).p();
        for (std::size_t i = 0; i < judged.size(); ++i)
            judge(judgement.endpoints[places[i]], judged[i], p[i], family[places[i]].tolerance, look);
    }
    const auto& all = judgement.endpoints;
    if (std::ranges::any_of(all, &GateFinding::is_regression))
        judgement.word = GateWord::kRegression;
    else if (!all.empty() && std::ranges::all_of(all, &GateFinding::is_proven))
        judgement.word = GateWord::kPass;
    return judgement;
}

} // namespace kvduel::stats
