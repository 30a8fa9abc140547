#pragma once

#include "harness/stats/interval.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace kvduel::stats {

// The sequential rule of `kvduel gate`: is head worse than base at any endpoint, or proven not to be at all
// of them? Three looks share the errors, so that the first may end a clear case early. docs/ci.md has the
// error rates that a simulation of this very code gives.

/// After how many blocks the rule is asked, and the errors it may then make.
struct GateLook {
    std::size_t blocks = 0;
    double alpha = 0; ///< of a regression called at this look though no endpoint is worse
    double beta =
        0; ///< of one endpoint being taken as proven at this look though it is worse by its tolerance
};
inline constexpr std::array<GateLook, 3> kGateLooks{
    {{8, 1.0 / 256, 0.02}, {12, 0.003, 0.015}, {16, 0.003, 0.015}}};

inline constexpr std::size_t kMostGateExhaustive = 12; ///< blocks: all 2^n sign vectors
inline constexpr std::size_t kGateDraws = 20'000;      ///< of sign vectors for more, beside the observed one
inline constexpr double kLeastGateVariance = 1e-6; ///< of differences: a few blocks alike prove no precision
inline constexpr double kLeastGateShare = 0.8;     ///< of a look's blocks that an endpoint must have

/// What one block has of an endpoint.
struct GatePair {
    double worse_by = 0;        ///< ln of the ratio of head over base, signed so that positive is worse
    bool has_head_first = true; ///< head's trial ran before base's
};

/// One metric of one cell.
struct GateEndpoint {
    std::vector<std::optional<GatePair>> by_block; ///< equally many in all endpoints; absent: no valid pair
    std::size_t metric = 0; ///< a small number: those of one metric pool their variance
    double tolerance = 0;   ///< ln of the ratio that is as bad as is allowed
};

struct GateFinding {
    std::size_t n = 0;              ///< pairs
    double centre = 0;              ///< Hodges-Lehmann; positive is worse
    std::optional<Interval> at95;   ///< of the centre, exact signed rank; absent under 6 pairs
    std::optional<double> p;        ///< of "no endpoint is worse", one-sided; absent: it has too few pairs
    std::optional<double> at_worst; ///< the bound that must lie below the tolerance; absent likewise
    bool is_regression = false;
    bool is_proven = false; ///< not worse than the tolerance
};

enum class GateWord : std::uint8_t {
    kRegression, ///< some endpoint is worse
    kPass,       ///< every endpoint is proven not to be worse than its tolerance
    kOpen,       ///< neither: look again, or give up
};

struct GateJudgement {
    GateWord word = GateWord::kOpen;
    std::vector<GateFinding> endpoints;
};

/// The word on a family after `look.blocks` blocks. A trial's place in its pair shifts both contenders alike
/// in every block, so half of what head gains by running first is taken out of each difference. p: the share
/// of sign vectors, each sign turning a whole block, under which some endpoint's t is as large as this one's
/// (single-step max-t; Westfall and Young 1993, section 2.6), t with a variance that leans on that of its
/// metric with the weight of 4 blocks. A regression: p <= alpha, and the centre is at least half the
/// tolerance. Proven: the centre's upper t bound at beta lies below the tolerance. An endpoint with fewer
/// than kLeastGateShare of the look's pairs claims nothing and proves nothing. Pure; the seed is fixed. Work:
/// at most kGateDraws x endpoints x blocks additions.
GateJudgement judge_gate(std::span<const GateEndpoint> family, const GateLook& look);

} // namespace kvduel::stats
