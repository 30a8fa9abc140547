#include "harness/experiment/judge/compare.hpp"

#include "harness/experiment/judge/margins.hpp"
#include "harness/experiment/judge/order_effect.hpp"
#include "harness/experiment/judge/reasons.hpp"
#include "harness/experiment/judge/shared_lateness.hpp"
#include "harness/experiment/judge/summarise.hpp"
#include "harness/experiment/record/cell_trials.hpp"
#include "harness/experiment/text/number_text.hpp"
#include "harness/stats/blocks_needed.hpp"
#include "harness/stats/family.hpp"
#include "harness/stats/holm.hpp"
#include "harness/stats/t_interval.hpp"
#include "harness/stats/verdict.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <span>
#include <utility>

namespace kvduel::experiment {

namespace {

/// One metric of one cell and pair of contenders, while it is worked out.
struct Row {
    Comparison comparison;
    double sd_floor = 0;
    std::vector<BlockPair> pairs; ///< that have the metric on both sides
    std::vector<double> differences;
};

Row make_row(const CellTrials& cell, const std::string& first, const std::string& second,
             const Margin& margin) {
    Row row;
    row.sd_floor = margin.sd_floor;
    row.comparison.scenario = cell.example->scenario;
    row.comparison.parameters = cell.example->parameters;
    row.comparison.metric = margin.metric;
    row.comparison.first = first;
    row.comparison.second = second;
    row.comparison.margin = margin.margin;
    for (const BlockPair& pair : block_pairs(cell, first, second)) {
        const bool is_lost = pair.first == nullptr;
        const double of_first = is_lost ? 0 : metric_value(*pair.first, margin.metric).value_or(0);
        const double of_second = is_lost ? 0 : metric_value(*pair.second, margin.metric).value_or(0);
        if (of_first <= 0 || of_second <= 0) { // no figure has no logarithm
            ++row.comparison.pairs_lost;
            continue;
        }
        row.pairs.push_back(pair);
        row.differences.push_back(std::log(of_second / of_first));
    }
    row.comparison.n = static_cast<unsigned>(row.differences.size());
    return row;
}

/// The rows of one pair of contenders.
std::vector<Row> make_family(const std::vector<CellTrials>& cells, const std::string& first,
                             const std::string& second) {
    std::vector<Row> family;
    for (const CellTrials& cell : cells) {
        const auto has = [&](const std::string& id) {
            return std::ranges::find(cell.contenders, id) != cell.contenders.end();
        };
        if (!has(first) || !has(second)) continue;
        for (const Margin& margin : margins())
            if (is_judged(margin, cell.example->parameters))
                family.push_back(make_row(cell, first, second, margin));
    }
    return family;
}

std::vector<stats::Endpoint> endpoints_of(const std::vector<Row>& family) {
    std::set<unsigned> blocks;
    for (const Row& row : family)
        for (const BlockPair& pair : row.pairs) blocks.insert(pair.block);
    const std::vector<unsigned> places(blocks.begin(), blocks.end());
    std::vector<stats::Endpoint> endpoints;
    for (const Row& row : family) {
        stats::Endpoint endpoint{std::vector<std::optional<double>>(places.size()), row.sd_floor};
        for (std::size_t i = 0; i < row.pairs.size(); ++i) {
            const auto place = std::ranges::lower_bound(places, row.pairs[i].block) - places.begin();
            endpoint.by_block[static_cast<std::size_t>(place)] = row.differences[i];
        }
        endpoints.push_back(std::move(endpoint));
    }
    return endpoints;
}

void fill_estimate(Row& row) {
    if (row.differences.empty()) return;
    const stats::PairedEstimate estimate = stats::estimate_paired(row.differences, row.sd_floor);
    Comparison& comparison = row.comparison;
    comparison.ratio_second_over_first = std::exp(estimate.centre);
    if (!estimate.at95 || !estimate.at90) return;
    comparison.lower95 = std::exp(estimate.at95->lower);
    comparison.upper95 = std::exp(estimate.at95->upper);
    comparison.lower90 = std::exp(estimate.at90->lower);
    comparison.upper90 = std::exp(estimate.at90->upper);
}

void fill_blocks_needed(Row& row, std::size_t judged) {
    if (row.comparison.verdict != ComparisonVerdict::kUndecided || row.differences.size() < 2 ||
        has_lost_too_many(row.comparison) || is_doubted(row.comparison))
        return;
    const auto needed = stats::blocks_needed({std::log(*row.comparison.ratio_second_over_first),
                                              stats::moments_of(row.differences, row.sd_floor).sd,
                                              row.comparison.margin, std::max<std::size_t>(judged, 1)});
    if (needed)
        row.comparison.blocks_needed = static_cast<unsigned>(std::max(*needed, row.differences.size() + 1));
}

void warn_of_order(std::vector<Row>& family) {
    std::vector<Row*> judged;
    std::vector<double> p;
    for (Row& row : family) {
        std::vector<OrderedDifference> differences;
        for (std::size_t i = 0; i < row.pairs.size(); ++i)
            differences.push_back({row.differences[i],
                                   row.pairs[i].first->order_in_block < row.pairs[i].second->order_in_block});
        if (const auto effect = order_effect(differences, row.sd_floor)) {
            judged.push_back(&row);
            p.push_back(*effect);
        }
    }
    const std::vector<double> adjusted = stats::holm(p);
    for (std::size_t i = 0; i < judged.size(); ++i)
        if (adjusted[i] < kOrderAlpha)
            judged[i]->comparison.warnings.push_back(
                {"order_effect",
                 "the ratio depends on who runs earlier (p " + probability_text(adjusted[i]) + ")"});
}

void doubt_equivalence(Row& row) {
    if (auto warning = shared_lateness(row.comparison, row.pairs)) {
        row.comparison.warnings.push_back(std::move(*warning));
        row.comparison.verdict = verdict_of(row.comparison);
    }
}

void judge(std::vector<Row>& family) {
    const auto p = stats::adjusted_p(endpoints_of(family));
    const auto judged =
        static_cast<std::size_t>(std::ranges::count_if(p, [](const auto& one) { return one.has_value(); }));
    for (std::size_t i = 0; i < family.size(); ++i) {
        Row& row = family[i];
        row.comparison.p_adjusted = p[i];
        fill_estimate(row);
        row.comparison.verdict = verdict_of(row.comparison);
        if (row.comparison.verdict == ComparisonVerdict::kEquivalent) doubt_equivalence(row);
        fill_blocks_needed(row, judged);
        row.comparison.reasons = reasons_of(row.comparison, row.pairs);
    }
    warn_of_order(family);
}

/// Where cell and pair of contenders stand: the order of the result.
void append_by_cell(std::vector<Row>& rows, std::vector<Row> family) {
    for (Row& row : family) {
        const auto is_of_cell = [&](const Row& other) {
            return other.comparison.scenario == row.comparison.scenario &&
                   other.comparison.parameters == row.comparison.parameters;
        };
        const auto last = std::find_if(rows.rbegin(), rows.rend(), is_of_cell);
        rows.insert(last == rows.rend() ? rows.end() : last.base(), std::move(row));
    }
}

} // namespace

ComparisonVerdict verdict_of(const Comparison& row) {
    if (has_lost_too_many(row) || !row.ratio_second_over_first) return ComparisonVerdict::kUndecided;
    stats::Evidence evidence;
    evidence.estimate.centre = std::log(*row.ratio_second_over_first);
    if (row.lower90 && row.upper90)
        evidence.estimate.at90 = stats::Interval{std::log(*row.lower90), std::log(*row.upper90)};
    evidence.p_adjusted = row.p_adjusted;
    evidence.margin = row.margin;
    evidence.is_higher_better = is_higher_better(row.metric);
    switch (stats::decide(evidence)) {
    case stats::Verdict::kFirst: return ComparisonVerdict::kFirst;
    case stats::Verdict::kSecond: return ComparisonVerdict::kSecond;
    case stats::Verdict::kEquivalent:
        return is_doubted(row) ? ComparisonVerdict::kUndecided : ComparisonVerdict::kEquivalent;
    case stats::Verdict::kUndecided: break;
    }
    return ComparisonVerdict::kUndecided;
}

std::vector<Comparison> compare(const std::vector<TrialRecord>& trials,
                                const std::vector<Contender>& contenders) {
    const std::vector<CellTrials> cells = by_cell(trials);
    std::vector<Row> rows;
    for (std::size_t i = 0; i < contenders.size(); ++i)
        for (std::size_t k = i + 1; k < contenders.size(); ++k) {
            std::vector<Row> family = make_family(cells, contenders[i].id, contenders[k].id);
            judge(family);
            append_by_cell(rows, std::move(family));
        }
    std::vector<Comparison> comparisons;
    for (Row& row : rows) comparisons.push_back(std::move(row.comparison));
    return comparisons;
}

std::vector<Comparison> comparisons_of(const RunReport& report) {
    return report.run.finished_at.empty() ? compare(report.trials, report.contenders) : report.comparisons;
}

} // namespace kvduel::experiment
