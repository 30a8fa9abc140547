#pragma once

#include <cstdint>
#include <optional>

namespace kvduel::experiment {

inline constexpr double kSearchFactor = 4;   ///< from rate to rate until one passes and one fails
inline constexpr double kSearchWidth = 1.05; ///< upper over lower at which bisecting ends
inline constexpr double kSearchStep = 1.03;  ///< outward, from an end that was not confirmed
inline constexpr unsigned kMostSearchTrials = 160;
inline constexpr unsigned kMostInvalidInARow =
    6; ///< trials at one rate before it counts as one to stay under

enum class SearchState : std::uint8_t {
    kSearching,
    kFound,      ///< both ends are confirmed
    kBelowRange, ///< even the least rate fails
    kAboveRange, ///< even the most passes: there is no upper end
    kUnjudged,   ///< trials at the rates that matter were invalid
    kTrialLimit, ///< kMostSearchTrials were not enough
};

/// Finds the interval that holds the highest rate which passes, from single noisy trials, in the manner of
/// MLRsearch (RFC 9971): steps of kSearchFactor until one rate passed and one failed; bisection of ln(rate)
/// to kSearchWidth; then each end is confirmed by fresh trials at it and moved outward by kSearchStep until
/// it is. A rate is good at 6 of 6 passes, 9 of 10 or 12 of 14, bad at the mirror of that; a rate that passes
/// half the time is called good by 2.4 %. Pure: a rate out, its outcome in.
///   while (const auto rate = search.next_rate()) search.take(passes(*rate));
class CapacitySearch {
public:
    /// Rates in 1/s, 0 < least < most; `start` is brought between them.
    CapacitySearch(double start, double least, double most);

    /// The rate to try next; none if the search has ended.
    std::optional<double> next_rate() const;

    /// The outcome of a trial at next_rate().
    void take(bool has_passed);
    /// The trial was invalid: neither passed nor failed.
    void take_invalid();

    /// Do the trials now count towards the lower end?
    bool confirms_lower() const noexcept { return phase_ == Phase::kConfirmLower; }

    SearchState state() const noexcept { return state_; }
    unsigned trials() const noexcept { return trials_; }
    /// The ends that are confirmed so far, the largest good rate and the smallest bad one.
    std::optional<double> lower() const noexcept { return lower_; }
    std::optional<double> upper() const noexcept { return upper_; }

private:
    enum class Phase : std::uint8_t { kBracket, kConfirmLower, kConfirmUpper };

    void count_trial();
    void approach(bool has_passed);
    void aim();
    void confirm_lower(bool has_passed);
    void confirm_upper(bool has_passed);
    void begin(Phase phase, double rate);
    void end(SearchState state) { state_ = state; }

    double least_;
    double most_;
    double rate_;
    Phase phase_ = Phase::kBracket;
    SearchState state_ = SearchState::kSearching;
    unsigned trials_ = 0;
    unsigned invalid_in_a_row_ = 0;
    unsigned passes_ = 0; ///< at rate_, while an end is confirmed
    unsigned fails_ = 0;
    std::optional<double> good_; ///< by single trials
    std::optional<double> bad_;
    std::optional<double> lower_;
    std::optional<double> upper_;
};

} // namespace kvduel::experiment
