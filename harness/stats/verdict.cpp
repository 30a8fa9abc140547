#include "harness/stats/verdict.hpp"

#include <cmath>

namespace kvduel::stats {

Verdict decide(const Evidence& evidence) {
    const double margin = std::log1p(evidence.margin);
    const auto& at90 = evidence.estimate.at90;
    if (at90 && at90->lower > -margin && at90->upper < margin) return Verdict::kEquivalent;
    const bool is_significant = evidence.p_adjusted && *evidence.p_adjusted <= kAlpha;
    if (!is_significant || std::abs(evidence.estimate.centre) < margin) return Verdict::kUndecided;
    const bool is_second_higher = evidence.estimate.centre > 0;
    return is_second_higher == evidence.is_higher_better ? Verdict::kSecond : Verdict::kFirst;
}

} // namespace kvduel::stats
