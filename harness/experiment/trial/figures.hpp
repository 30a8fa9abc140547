#pragma once

#include "harness/experiment/record/trial.hpp"
#include "harness/experiment/text/json_readers.hpp"
#include "harness/load/result.hpp"
#include "harness/stats/histogram.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::experiment {

inline constexpr double kNsPerUs = 1e3;

/// How many samples a percentile needs (stats::least_samples).
struct SampleNeed {
    std::string_view percentile;
    double quantile;
    std::uint64_t least;  ///< with fewer the percentile is absent
    std::uint64_t enough; ///< with fewer it is given with too_few_samples, if the tables show it
    bool is_in_tables;    ///< a metric of the tables (summarise.hpp): its lack is worth a warning
};

/// p50, p90, p99, p99_9.
const std::array<SampleNeed, 4>& sample_needs();

/// "412 samples, 662 needed".
std::string why_absent(std::uint64_t samples, const SampleNeed& need);

/// The figures of a histogram of ns, in us; absent where the samples are too few. Pure, as all below.
TimeFigures make_time_figures(const stats::Histogram& histogram);

LatenessFigures make_lateness_figures(const stats::Histogram& histogram);

std::vector<IntervalFigures> make_interval_figures(const std::vector<load::Interval>& intervals);

/// What a server counted between two looks at its page. A bucket that shrank (a server that started anew)
/// counts as 0.
ServerHistogram subtract(const ServerHistogram& after, const ServerHistogram& before);

/// Percentiles by the upper bounds of the server's own buckets.
ServerTimeFigures make_server_time_figures(const ServerHistogram& histogram);

} // namespace kvduel::experiment
