#pragma once

#include "harness/experiment/record/report.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace kvduel::report {

/// The words that stand for enumerations in suites and reports.
template <typename E>
using Word = std::pair<std::string_view, E>;

using load::kBackgroundWords;

inline constexpr std::array kLoopWords{Word<experiment::Loop>{"closed", experiment::Loop::kClosed},
                                       Word<experiment::Loop>{"open", experiment::Loop::kOpen}};
inline constexpr std::array kArrivalsWords{
    Word<workload::ArrivalKind>{"constant", workload::ArrivalKind::kConstant},
    Word<workload::ArrivalKind>{"poisson", workload::ArrivalKind::kPoisson}};
inline constexpr std::array kReadyWords{Word<experiment::Ready>{"announce", experiment::Ready::kAnnounce},
                                        Word<experiment::Ready>{"tcp", experiment::Ready::kTcp}};
inline constexpr std::array kVerdictWords{
    Word<experiment::Verdict>{"valid", experiment::Verdict::kValid},
    Word<experiment::Verdict>{"invalid", experiment::Verdict::kInvalid}};
inline constexpr std::array kComparisonWords{
    Word<experiment::ComparisonVerdict>{"first", experiment::ComparisonVerdict::kFirst},
    Word<experiment::ComparisonVerdict>{"second", experiment::ComparisonVerdict::kSecond},
    Word<experiment::ComparisonVerdict>{"equivalent", experiment::ComparisonVerdict::kEquivalent},
    Word<experiment::ComparisonVerdict>{"undecided", experiment::ComparisonVerdict::kUndecided}};

inline constexpr std::array kSearchWords{
    Word<experiment::SearchState>{"searching", experiment::SearchState::kSearching},
    Word<experiment::SearchState>{"found", experiment::SearchState::kFound},
    Word<experiment::SearchState>{"below_range", experiment::SearchState::kBelowRange},
    Word<experiment::SearchState>{"above_range", experiment::SearchState::kAboveRange},
    Word<experiment::SearchState>{"unjudged", experiment::SearchState::kUnjudged},
    Word<experiment::SearchState>{"trial_limit", experiment::SearchState::kTrialLimit}};

inline constexpr std::array kAxisWords{
    Word<experiment::Axis>{"connections", experiment::Axis::kConnections},
    Word<experiment::Axis>{"server.work_wait_us", experiment::Axis::kWorkWaitUs}};
inline constexpr std::array kStripEndWords{
    Word<experiment::StripEnd>{"step", experiment::StripEnd::kStep},
    Word<experiment::StripEnd>{"undecided", experiment::StripEnd::kUndecided},
    Word<experiment::StripEnd>{"integer", experiment::StripEnd::kInteger},
    Word<experiment::StripEnd>{"bound", experiment::StripEnd::kBound},
    Word<experiment::StripEnd>{"unfinished", experiment::StripEnd::kUnfinished}};

inline constexpr std::array kFitnessWords{
    Word<experiment::Fitness>{"ok", experiment::Fitness::kOk},
    Word<experiment::Fitness>{"note", experiment::Fitness::kNote},
    Word<experiment::Fitness>{"warning", experiment::Fitness::kWarning},
    Word<experiment::Fitness>{"problem", experiment::Fitness::kProblem}};

template <typename E, std::size_t N>
std::string_view word_for(E value, const std::array<Word<E>, N>& words) {
    for (const auto& [word, meaning] : words)
        if (meaning == value) return word;
    return "";
}

} // namespace kvduel::report
