#include "harness/experiment/plan/capacity_search.hpp"

#include <algorithm>
#include <cmath>

namespace kvduel::experiment {

namespace {

constexpr unsigned kMostExceptions = 2; // 6 of 6, 9 of 10, 12 of 14

/// Are `agreeing` trials enough against `others`? Three more for each of them.
bool is_confirmed(unsigned agreeing, unsigned others) {
    return others <= kMostExceptions && agreeing >= 6 + 3 * others;
}

} // namespace

CapacitySearch::CapacitySearch(double start, double least, double most)
    : least_(least), most_(most), rate_(std::clamp(start, least, most)) {}

std::optional<double> CapacitySearch::next_rate() const {
    if (state_ != SearchState::kSearching) return std::nullopt;
    return rate_;
}

void CapacitySearch::take(bool has_passed) {
    invalid_in_a_row_ = 0;
    switch (phase_) {
    case Phase::kBracket: approach(has_passed); break;
    case Phase::kConfirmLower: confirm_lower(has_passed); break;
    case Phase::kConfirmUpper: confirm_upper(has_passed); break;
    }
    count_trial();
}

void CapacitySearch::take_invalid() {
    if (++invalid_in_a_row_ >= kMostInvalidInARow) {
        invalid_in_a_row_ = 0;
        const bool has_way_down = rate_ > least_;
        if (phase_ == Phase::kConfirmUpper || !has_way_down) {
            end(SearchState::kUnjudged);
        } else if (phase_ == Phase::kBracket) {
            approach(false);
        } else {
            fails_ = kMostExceptions;
            confirm_lower(false);
        }
    }
    count_trial();
}

void CapacitySearch::count_trial() {
    if (++trials_ >= kMostSearchTrials && state_ == SearchState::kSearching) end(SearchState::kTrialLimit);
}

void CapacitySearch::approach(bool has_passed) {
    (has_passed ? good_ : bad_) = rate_;
    if (!bad_ && rate_ >= most_) return end(SearchState::kAboveRange);
    if (!good_ && rate_ <= least_) return end(SearchState::kBelowRange);
    aim();
}

void CapacitySearch::aim() {
    if (!bad_) {
        rate_ = std::min(rate_ * kSearchFactor, most_);
    } else if (!good_) {
        rate_ = std::max(rate_ / kSearchFactor, least_);
    } else if (*bad_ / *good_ > kSearchWidth) {
        rate_ = std::sqrt(*good_ * *bad_);
    } else {
        begin(Phase::kConfirmLower, *good_);
    }
}

void CapacitySearch::confirm_lower(bool has_passed) {
    ++(has_passed ? passes_ : fails_);
    if (is_confirmed(passes_, fails_)) {
        lower_ = rate_;
        begin(Phase::kConfirmUpper, *bad_);
    } else if (fails_ > kMostExceptions) {
        if (rate_ <= least_) return end(SearchState::kBelowRange);
        begin(Phase::kConfirmLower, std::max(rate_ / kSearchStep, least_));
    }
}

void CapacitySearch::confirm_upper(bool has_passed) {
    ++(has_passed ? passes_ : fails_);
    if (is_confirmed(fails_, passes_)) {
        upper_ = rate_;
        end(SearchState::kFound);
    } else if (passes_ > kMostExceptions) {
        if (rate_ >= most_) return end(SearchState::kAboveRange);
        begin(Phase::kConfirmUpper, std::min(rate_ * kSearchStep, most_));
    }
}

void CapacitySearch::begin(Phase phase, double rate) {
    phase_ = phase;
    rate_ = rate;
    passes_ = fails_ = 0;
}

} // namespace kvduel::experiment
