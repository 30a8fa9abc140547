#pragma once

#include "core/support/error.hpp"
#include "harness/experiment/machine/environment.hpp"
#include "harness/experiment/plan/capacity_search.hpp"
#include "harness/experiment/plan/contender.hpp"
#include "harness/experiment/plan/suite.hpp"
#include "harness/experiment/record/trial.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kvduel::experiment {

/// The binary that measured.
struct Tool {
    std::string version;
    std::string git_sha;
    bool is_dirty = false;
    std::string build_type;
    std::string compiler;
    std::string flags;
    std::string sha256; ///< of the binary, 64 hex digits
};

struct Run {
    std::string id;                      ///< <UTC timestamp>-<suite>, e.g. 20260301T101500Z-quick
    std::string started_at;              ///< RFC 3339, UTC, ms
    std::string finished_at;             ///< empty while the run goes on
    std::vector<std::string> resumed_at; ///< when it was resumed (resume.hpp), once for each time
    std::uint64_t seed = 1;
    std::vector<std::string> argv;
    bool is_interrupted = false;
    std::vector<std::string> notes; ///< what a reader must know: a contender left out, and why
    unsigned trials_planned = 0;
};

/// What a contender serves at most: closed loops that ask without pause (calibration.hpp). load_fraction is a
/// share of the smallest median of a cell's contenders.
struct Capacity {
    std::string scenario; ///< the first that needed it; others with the same parameters share it
    std::string contender;
    Parameters parameters;              ///< of the closed loop that measured it
    std::vector<double> throughput_rps; ///< of the valid trials, in the order they ran
    std::optional<double> median_rps;   ///< absent: too few trials were valid
    unsigned invalid_trials = 0;
    std::vector<std::string> invalid_codes; ///< why, each once
};

/// One trial of a search.
struct SearchStep {
    double rate_per_s = 0;
    std::optional<double> p99_us; ///< of the latency; absent: too few answers
    double error_ratio = 0;       ///< failed or never sent, of what was due
    bool has_passed = false;
    bool is_valid = false; ///< else it says nothing

    bool operator==(const SearchStep&) const = default;
};

/// The highest rate at which a contender holds its target, as an interval (run_searches.hpp).
struct SearchResult {
    std::string scenario;
    std::string contender;
    Parameters parameters;           ///< of the cell; its search is the target
    std::optional<double> lower_rps; ///< confirmed: it holds here
    std::optional<double> upper_rps; ///< confirmed: it does not hold here
    SearchState state = SearchState::kSearching;
    std::vector<SearchStep> steps;
};

/// One metric of one cell and contender over its valid trials.
struct SummaryRow {
    std::string scenario;
    std::string contender;
    Parameters parameters;
    std::string metric; ///< a row of metrics()
    std::string unit;
    unsigned n = 0;               ///< valid trials that have the metric
    std::optional<double> median; ///< these are absent if n is 0
    std::optional<double> min;
    std::optional<double> max;
    std::optional<double> lower95; ///< of the median; absent if n is under 3, or for values of 0
    std::optional<double> upper95;
};

enum class ComparisonVerdict : std::uint8_t { kFirst, kSecond, kEquivalent, kUndecided };

/// Two contenders by one metric of one cell (compare.hpp). Ratios are of second over first.
struct Comparison {
    std::string scenario;
    Parameters parameters;
    std::string metric; ///< a row of margins()
    std::string first;
    std::string second;
    std::optional<double> ratio_second_over_first; ///< absent if n is 0
    std::optional<double> lower95;                 ///< these and p are absent if n is under 3
    std::optional<double> upper95;
    std::optional<double> lower90;
    std::optional<double> upper90;
    std::optional<double> p_adjusted; ///< over all comparisons of the two in the run
    double margin = 0;                ///< the smallest difference that matters: 0.03 is 3 %
    unsigned n = 0;                   ///< blocks with a valid pair that has the metric
    unsigned pairs_lost = 0;          ///< blocks without one, though both ran
    ComparisonVerdict verdict = ComparisonVerdict::kUndecided;
    std::optional<unsigned>
        blocks_needed; ///< if undecided; absent: no sensible number would do, or too little is known
    std::vector<std::string> reasons; ///< what goes along with it, or why it is undecided
    std::vector<Warning> warnings;
};

/// What a theory expects of a contender in a cell (expectation.hpp).
struct Expectation {
    std::string scenario;
    std::string contender;
    Parameters parameters;
    std::string metric;  ///< a row of metrics()
    double expected = 0; ///< in the metric's unit
    std::string formula; ///< where it comes from, with its numbers

    bool operator==(const Expectation&) const = default;
};

/// Why a crossing is no narrower than it is.
enum class StripEnd : std::uint8_t {
    kStep,      ///< its ends are as near as asked for (kFinestStep)
    kUndecided, ///< a cell between its ends is undecided
    kInteger,   ///< no whole number lies between its ends
    kBound,     ///< as many cells as allowed were inserted
    kUnfinished ///< the run ended before
};

/// Where the verdict on two contenders changes along an axis: a strip between two cells with different words,
/// with no decided cell between them (crossing.hpp). All else is equal.
struct Crossing {
    std::string scenario;
    Parameters parameters; ///< of the lower end
    Axis axis = Axis::kConnections;
    std::string metric; ///< the main metric of its cells
    std::string first;
    std::string second;
    std::uint64_t lower = 0; ///< on the axis
    std::uint64_t upper = 0;
    ComparisonVerdict lower_word = ComparisonVerdict::kUndecided; ///< never undecided, nor the other
    ComparisonVerdict upper_word = ComparisonVerdict::kUndecided;
    StripEnd stopped_by = StripEnd::kStep;

    bool operator==(const Crossing&) const = default;
};

/// The report kvduel.report/1 as values.
struct RunReport {
    Tool tool;
    Run run;
    Environment environment;
    Suite suite;
    std::vector<Contender> contenders;
    std::vector<Capacity> capacities;
    std::vector<SearchResult> searches;
    std::vector<TrialRecord> trials;
    std::vector<SummaryRow> summary;
    std::vector<Comparison> comparisons;
    std::vector<Crossing> crossings;
    std::vector<Expectation> expectations;
};

/// Keeps the report. Called before the first trial, after each trial and at the end, by the main thread,
/// outside measured time; each call has the whole report, in which trials are only added, and must leave an
/// older one whole if it fails.
class ReportSink {
public:
    virtual ~ReportSink() = default;
    virtual Outcome write(const RunReport& report) = 0;
};

} // namespace kvduel::experiment
