#include "harness/stats/blocks_needed.hpp"

#include "harness/stats/normal.hpp"
#include "harness/stats/paired_estimate.hpp"
#include "harness/stats/student_t.hpp"
#include "harness/stats/verdict.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace kvduel::stats {
namespace {

constexpr double kPower = 0.9;

/// A step from what n blocks estimate to what they must pass, and the chance that noise takes it back.
struct Hurdle {
    double distance;
    double alpha; ///< of the test that must speak; 0.5: a comparison of estimates
    double beta;
};

bool is_passed(const Hurdle& hurdle, std::size_t n, double sd) {
    const auto blocks = static_cast<double>(n);
    const double effective = n < kLeastSignedRankBlocks ? blocks : blocks * 3 / std::numbers::pi;
    const double needed = student_t_quantile(1 - hurdle.alpha, blocks - 1) + normal_quantile(1 - hurdle.beta);
    return hurdle.distance * std::sqrt(effective) >= sd * needed;
}

/// What a verdict of this endpoint would have to pass.
std::array<Hurdle, 2> hurdles_of(const Undecided& endpoint) {
    const double margin = std::log1p(endpoint.margin);
    const double size = std::abs(endpoint.centre);
    const double miss = 1 - kPower;
    if (size >= margin)
        return {
            {{size, kAlpha / 2 / static_cast<double>(endpoint.endpoints), miss}, {size - margin, 0.5, miss}}};
    // Both bounds of an equivalence can fail, so each may in half of the tenth.
    return {{{margin - size, kAlpha, miss / 2}, {margin + size, kAlpha, miss / 2}}};
}

} // namespace

std::optional<std::size_t> blocks_needed(const Undecided& endpoint) {
    const auto hurdles = hurdles_of(endpoint);
    const auto decides = [&](std::size_t n) {
        return std::ranges::all_of(hurdles,
                                   [&](const Hurdle& hurdle) { return is_passed(hurdle, n, endpoint.sd); });
    };
    if (!decides(kMostBlocksNamed)) return std::nullopt;
    std::size_t least = kLeastBlocks;
    std::size_t most = kMostBlocksNamed;
    while (least < most) {
        const std::size_t middle = (least + most) / 2;
        decides(middle) ? most = middle : least = middle + 1;
    }
    return least;
}

} // namespace kvduel::stats
