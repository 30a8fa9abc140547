#include "harness/experiment/judge/summarise.hpp"

#include "harness/experiment/record/cell_trials.hpp"
#include "harness/stats/median.hpp"
#include "harness/stats/median_interval.hpp"
#include "harness/stats/paired_estimate.hpp"
#include "harness/stats/t_interval.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace kvduel::experiment {

namespace {

constexpr double kSdFloor = 0.005; ///< of ln values: the least that three to five trials are believed

struct MetricRow {
    Metric metric;
    std::optional<double> (*value)(const TrialRecord&);
};

/// What was never sent stands in the latency at the age that it had when the window ended. A percentile that
/// lies among these is a lower bound, which grows with the window: no figure of the server.
std::optional<double> unless_unsent(const TrialRecord& trial, double quantile, std::optional<double> figure) {
    const auto unsent = static_cast<double>(trial.requests.unsent);
    return unsent > (1 - quantile) * static_cast<double>(trial.latency.count) ? std::nullopt : figure;
}

const std::array<MetricRow, 10> kMetrics{{
    {{"throughput_rps", "1/s", true, "succeeded requests per second of the window"},
     [](const TrialRecord& t) { return t.throughput_rps; }},
    {{"offered_rps", "1/s", true, "requests sent per second of the window"},
     [](const TrialRecord& t) { return t.offered_rps; }},
    {{"latency_mean_us", "us", false, "mean time of a request, from due to end"},
     [](const TrialRecord& t) { return unless_unsent(t, 0.99, t.latency.mean_us); }},
    {{"latency_p50_us", "us", false, "half of the requests took no longer, from due to end"},
     [](const TrialRecord& t) { return unless_unsent(t, 0.5, t.latency.p50_us); }},
    {{"latency_p90_us", "us", false, "nine of ten requests took no longer, from due to end"},
     [](const TrialRecord& t) { return unless_unsent(t, 0.9, t.latency.p90_us); }},
    {{"latency_p99_us", "us", false, "99 of 100 requests took no longer, from due to end"},
     [](const TrialRecord& t) { return unless_unsent(t, 0.99, t.latency.p99_us); }},
    {{"service_time_p99_us", "us", false, "99 of 100 requests took no longer, from send to end"},
     [](const TrialRecord& t) { return t.service_time.p99_us; }},
    {{"cpu_us_per_request", "us", false,
      "the server's CPU time in the window over the requests that ended in it"},
     [](const TrialRecord& t) { return t.server.cpu_us_per_request; }},
    {{"context_switches_per_request", "1", false, "voluntary and involuntary, of all threads of the server"},
     [](const TrialRecord& t) { return t.server.context_switches_per_request; }},
    {{"rss_max_bytes", "bytes", false, "the most memory the server ever held"},
     [](const TrialRecord& t) -> std::optional<double> {
         if (!t.server.rss_max_bytes) return std::nullopt;
         return static_cast<double>(*t.server.rss_max_bytes);
     }},
}};

/// From six trials on between two of the values; before, Student's t of their logarithms.
std::optional<stats::Interval> interval_of(const std::vector<double>& values) {
    if (values.size() >= stats::kLeastSignedRankBlocks) return stats::median_interval(values, 0.95);
    if (values.size() < stats::kLeastBlocks || std::ranges::min(values) <= 0) return std::nullopt;
    std::vector<double> logarithms;
    for (const double value : values) logarithms.push_back(std::log(value));
    const stats::Interval interval = stats::t_interval(stats::moments_of(logarithms, kSdFloor), 0.95);
    return stats::Interval{std::exp(interval.lower), std::exp(interval.upper)};
}

SummaryRow summarise_metric(const CellTrials& cell, const std::string& contender, const MetricRow& row) {
    std::vector<double> values;
    for (const TrialRecord* trial : standing_trials(cell.trials, contender))
        if (const auto value = row.value(*trial)) values.push_back(*value);
    SummaryRow summary;
    summary.scenario = cell.example->scenario;
    summary.contender = contender;
    summary.parameters = cell.example->parameters;
    summary.metric = row.metric.name;
    summary.unit = row.metric.unit;
    summary.n = static_cast<unsigned>(values.size());
    if (const auto spread = stats::spread_of(values)) {
        summary.median = spread->median;
        summary.min = spread->min;
        summary.max = spread->max;
    }
    if (const auto interval = interval_of(values)) {
        summary.lower95 = interval->lower;
        summary.upper95 = interval->upper;
    }
    return summary;
}

} // namespace

std::span<const Metric> metrics() {
    static const auto kTable = [] {
        std::array<Metric, kMetrics.size()> table{};
        std::transform(kMetrics.begin(), kMetrics.end(), table.begin(),
                       [](const MetricRow& row) { return row.metric; });
        return table;
    }();
    return kTable;
}

bool is_higher_better(std::string_view metric) {
    const auto table = metrics();
    const auto row = std::ranges::find(table, metric, &Metric::name);
    return row != table.end() && row->is_higher_better;
}

std::optional<double> metric_value(const TrialRecord& trial, std::string_view metric) {
    for (const MetricRow& row : kMetrics)
        if (row.metric.name == metric) return row.value(trial);
    return std::nullopt;
}

std::vector<SummaryRow> summarise(const std::vector<TrialRecord>& trials) {
    std::vector<SummaryRow> rows;
    for (const CellTrials& cell : by_cell(trials))
        for (const std::string& contender : cell.contenders)
            for (const MetricRow& metric : kMetrics)
                rows.push_back(summarise_metric(cell, contender, metric));
    return rows;
}

unsigned trials_done(const std::vector<TrialRecord>& trials) {
    unsigned done = 0;
    for (auto trial = trials.begin(); trial != trials.end(); ++trial) {
        const bool is_repeat = std::any_of(trials.begin(), trial, [&](const TrialRecord& earlier) {
            return earlier.block == trial->block && earlier.contender == trial->contender &&
                   earlier.scenario == trial->scenario && earlier.parameters == trial->parameters;
        });
        if (!is_repeat) ++done;
    }
    return done;
}

} // namespace kvduel::experiment
