#include "harness/experiment/summarise.hpp"

#include "harness/stats/median.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

namespace kvduel::experiment {

namespace {

constexpr double kLeastLead = 1.005; ///< a smaller one is printed as 1.00x: nobody is ahead by that

struct MetricRow {
    Metric metric;
    std::optional<double> (*value)(const TrialRecord&);
};

const std::array<MetricRow, 10> kMetrics{{
    {{"throughput_rps", "1/s", true, "succeeded requests per second of the window"},
     [](const TrialRecord& t) { return t.throughput_rps; }},
    {{"offered_rps", "1/s", true, "requests sent per second of the window"},
     [](const TrialRecord& t) { return t.offered_rps; }},
    {{"latency_mean_us", "us", false, "mean time of a request, from due to end"},
     [](const TrialRecord& t) { return t.latency.mean_us; }},
    {{"latency_p50_us", "us", false, "half of the requests took no longer, from due to end"},
     [](const TrialRecord& t) { return t.latency.p50_us; }},
    {{"latency_p90_us", "us", false, "nine of ten requests took no longer, from due to end"},
     [](const TrialRecord& t) { return t.latency.p90_us; }},
    {{"latency_p99_us", "us", false, "99 of 100 requests took no longer, from due to end"},
     [](const TrialRecord& t) { return t.latency.p99_us; }},
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

/// All trials of one cell, and of it by contender, in the order they first appear.
struct CellTrials {
    const TrialRecord* example;
    std::vector<std::string> contenders;
    std::vector<const TrialRecord*> trials;
};

std::vector<CellTrials> by_cell(const std::vector<TrialRecord>& trials) {
    std::vector<CellTrials> cells;
    for (const TrialRecord& trial : trials) {
        auto cell = std::find_if(cells.begin(), cells.end(), [&](const CellTrials& known) {
            return known.example->scenario == trial.scenario && known.example->parameters == trial.parameters;
        });
        if (cell == cells.end()) cell = cells.insert(cells.end(), CellTrials{&trial, {}, {}});
        auto& names = cell->contenders;
        if (std::find(names.begin(), names.end(), trial.contender) == names.end())
            names.push_back(trial.contender);
        cell->trials.push_back(&trial);
    }
    return cells;
}

/// A block counts once: of a cell that it ran again, the later valid trial stands.
bool is_superseded(const CellTrials& cell, const TrialRecord& trial) {
    return std::any_of(cell.trials.begin(), cell.trials.end(), [&](const TrialRecord* other) {
        return other->contender == trial.contender && other->block == trial.block &&
               other->repetition > trial.repetition && other->verdict == Verdict::kValid;
    });
}

SummaryRow summarise_metric(const CellTrials& cell, const std::string& contender, const MetricRow& row) {
    std::vector<double> values;
    for (const TrialRecord* trial : cell.trials) {
        if (trial->contender != contender || trial->verdict != Verdict::kValid) continue;
        if (is_superseded(cell, *trial)) continue;
        if (const auto value = row.value(*trial)) values.push_back(*value);
    }
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
    return summary;
}

/// RPS of `contender` in each block with a valid trial of it. A block that ran it twice has its last.
std::map<unsigned, double> rps_by_block(const CellTrials& cell, const std::string& contender) {
    std::map<unsigned, double> rps;
    for (const TrialRecord* trial : cell.trials)
        if (trial->contender == contender && trial->verdict == Verdict::kValid &&
            trial->throughput_rps.value_or(0) > 0)
            rps[trial->block] = *trial->throughput_rps;
    return rps;
}

Lead compare(const CellTrials& cell, const std::string& first, const std::string& second) {
    Lead lead;
    lead.scenario = cell.example->scenario;
    lead.parameters = cell.example->parameters;
    lead.ahead = first;
    lead.behind = second;
    const auto rps_of_second = rps_by_block(cell, second);
    std::vector<double> ratios;
    for (const auto& [block, rps] : rps_by_block(cell, first))
        if (const auto other = rps_of_second.find(block); other != rps_of_second.end())
            ratios.push_back(rps / other->second);
    auto spread = stats::spread_of(ratios);
    if (!spread) return lead;
    if (spread->median < 1) {
        std::swap(lead.ahead, lead.behind);
        for (double& ratio : ratios) ratio = 1 / ratio;
        spread = stats::spread_of(ratios);
    }
    lead.blocks = static_cast<unsigned>(ratios.size());
    lead.blocks_ahead =
        static_cast<unsigned>(std::count_if(ratios.begin(), ratios.end(), [](double r) { return r > 1; }));
    lead.median_ratio = spread->median;
    lead.min_ratio = spread->min;
    lead.max_ratio = spread->max;
    return lead;
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

std::vector<Lead> leads(const std::vector<TrialRecord>& trials) {
    std::vector<Lead> all;
    for (const CellTrials& cell : by_cell(trials))
        for (std::size_t i = 0; i < cell.contenders.size(); ++i)
            for (std::size_t k = i + 1; k < cell.contenders.size(); ++k)
                all.push_back(compare(cell, cell.contenders[i], cell.contenders[k]));
    return all;
}

std::string sentence(const Lead& lead) {
    if (lead.blocks == 0) return lead.ahead + " and " + lead.behind + ": no block has a valid trial of both";
    std::array<char, 160> figures{};
    if (lead.blocks == 1)
        std::snprintf(figures.data(), figures.size(), "%.2fx RPS in the one block", *lead.median_ratio);
    else
        std::snprintf(figures.data(), figures.size(),
                      "%.2fx RPS (median of %u blocks, %.2fx to %.2fx, ahead in %u)", *lead.median_ratio,
                      lead.blocks, *lead.min_ratio, *lead.max_ratio, lead.blocks_ahead);
    const bool are_level = *lead.median_ratio < kLeastLead;
    return lead.ahead + (are_level ? " and " : " was ahead of ") + lead.behind +
           (are_level ? " were level: " : ": ") + figures.data();
}

} // namespace kvduel::experiment
