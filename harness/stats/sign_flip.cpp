#include "harness/stats/sign_flip.hpp"

#include "harness/stats/signs.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <random>

namespace kvduel::stats {
namespace {

/// The family by block, to flip: a missing pair is 0 and so adds nothing.
struct Family {
    std::size_t blocks = 0;
    std::size_t endpoints = 0;
    std::vector<double> differences; ///< [block * endpoints + endpoint]
    std::vector<double> squares;     ///< of each endpoint, summed: no flip changes them
    std::vector<double> counts;      ///< of each endpoint's pairs

    const double* block(std::size_t index) const { return &differences[index * endpoints]; }
};

Family make_family(std::span<const Endpoint> endpoints) {
    Family family;
    family.endpoints = endpoints.size();
    family.blocks = endpoints.empty() ? 0 : endpoints.front().by_block.size();
    family.differences.assign(family.blocks * family.endpoints, 0.0);
    family.squares.assign(family.endpoints, 0.0);
    family.counts.assign(family.endpoints, 0.0);
    for (std::size_t e = 0; e < family.endpoints; ++e)
        for (std::size_t b = 0; b < family.blocks; ++b) {
            if (!endpoints[e].by_block[b]) continue;
            const double difference = *endpoints[e].by_block[b];
            family.differences[b * family.endpoints + e] = difference;
            family.squares[e] += difference * difference;
            ++family.counts[e];
        }
    return family;
}

double t_of(const Family& family, std::size_t e, double sum) {
    const double n = family.counts[e];
    const double mean = sum / n;
    const double variance = std::max((family.squares[e] - sum * mean) / (n - 1), kLeastSd * kLeastSd);
    return std::abs(mean) / std::sqrt(variance / n);
}

class Counter {
public:
    explicit Counter(const Family& family)
        : family_(family), observed_(family.endpoints), reached_(family.endpoints, 0) {
        std::vector<double> sums(family.endpoints, 0.0);
        for (std::size_t b = 0; b < family.blocks; ++b) add(sums, b, 1);
        for (std::size_t e = 0; e < family.endpoints; ++e) observed_[e] = t_of(family, e, sums[e]);
    }

    void add(std::vector<double>& sums, std::size_t block, double factor) const {
        const double* differences = family_.block(block);
        for (std::size_t e = 0; e < sums.size(); ++e) sums[e] += factor * differences[e];
    }

    void count(const std::vector<double>& sums) {
        double most = 0;
        for (std::size_t e = 0; e < sums.size(); ++e) most = std::max(most, t_of(family_, e, sums[e]));
        for (std::size_t e = 0; e < sums.size(); ++e)
            if (most >= observed_[e] * (1 - kTieSlack)) ++reached_[e];
        ++vectors_;
    }

    std::vector<double> shares() const {
        std::vector<double> p;
        for (const std::uint64_t reached : reached_)
            p.push_back(static_cast<double>(reached) / static_cast<double>(vectors_));
        return p;
    }

private:
    const Family& family_;
    std::vector<double> observed_;
    std::vector<std::uint64_t> reached_;
    std::uint64_t vectors_ = 0;
};

/// All sign vectors in Gray's order, one flip apart; the last block keeps its sign, as turning all of them
/// changes no |t|.
void count_all(const Family& family, Counter& counter) {
    std::vector<double> sums(family.endpoints, 0.0);
    for (std::size_t b = 0; b < family.blocks; ++b) counter.add(sums, b, 1);
    std::uint64_t flipped = 0;
    counter.count(sums);
    for (std::uint64_t i = 1; i < std::uint64_t{1} << (family.blocks - 1); ++i) {
        const auto block = static_cast<std::size_t>(std::countr_zero(i));
        flipped ^= std::uint64_t{1} << block;
        counter.add(sums, block, (flipped >> block & 1) != 0 ? -2 : 2);
        counter.count(sums);
    }
}

/// The vector that was observed and as many drawn ones as the work allows.
void count_drawn(const Family& family, Counter& counter) {
    const std::size_t draws =
        std::clamp(kMostFlipWork / (family.blocks * family.endpoints), kLeastDraws, kMostDraws);
    std::mt19937_64 random(kSignSeed);
    std::vector<double> sums(family.endpoints);
    for (std::size_t draw = 0; draw <= draws; ++draw) {
        std::ranges::fill(sums, 0.0);
        std::uint64_t signs = 0;
        for (std::size_t b = 0; b < family.blocks; ++b) {
            if (b % 64 == 0) signs = draw == 0 ? 0 : random();
            counter.add(sums, b, (signs >> b % 64 & 1) != 0 ? -1 : 1);
        }
        counter.count(sums);
    }
}

} // namespace

std::vector<double> sign_flip_max_t(std::span<const Endpoint> endpoints) {
    const Family family = make_family(endpoints);
    if (family.endpoints == 0 || family.blocks == 0) return {};
    Counter counter(family);
    family.blocks <= kMostExhaustiveBlocks ? count_all(family, counter) : count_drawn(family, counter);
    return counter.shares();
}

} // namespace kvduel::stats
