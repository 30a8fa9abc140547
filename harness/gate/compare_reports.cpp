#include "harness/gate/compare_reports.hpp"

#include "harness/experiment/judge/lost_pairs.hpp"
#include "harness/experiment/judge/margins.hpp"
#include "harness/experiment/judge/summarise.hpp"
#include "harness/experiment/record/cell_trials.hpp"
#include "harness/experiment/run/resume.hpp"
#include "harness/experiment/text/number_text.hpp"
#include "harness/experiment/trial/pair_state.hpp"
#include "harness/gate/compare_cells.hpp"
#include "harness/gate/compare_control.hpp"
#include "harness/stats/holm.hpp"
#include "harness/stats/normal.hpp"
#include "harness/stats/paired_estimate.hpp"
#include "harness/stats/t_interval.hpp"
#include "harness/stats/welch.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace kvduel::gate {

namespace {

using experiment::BlockPair;
using experiment::CellTrials;
using experiment::RunReport;

Error refuse(const std::string& what, const std::string& hint) {
    return {ErrorKind::kInvalid, "", what, hint};
}

Error differ(const std::string& what, const std::string& base, const std::string& head) {
    return refuse(what + " of the two reports differ: " + base + " and " + head,
                  "their figures do not belong together");
}

Outcome check_report_alone(const RunReport& report, const char* side) {
    const std::string name = std::string("the report of ") + side;
    if (report.tool.build_type != "Release")
        return refuse(name + " was measured by a " + report.tool.build_type + " build; allowed: Release",
                      "measure again");
    if (report.tool.is_dirty)
        return refuse(name + " was measured by a build of changed files (" + report.tool.git_sha + ", dirty)",
                      "commit, build and measure again");
    if (report.run.is_interrupted || report.run.finished_at.empty())
        return refuse(name + " is of a run that did not end", "kvduel run --resume completes it");
    const auto fault = std::ranges::find_if(report.trials, experiment::is_servers_fault);
    if (fault != report.trials.end())
        return refuse(name + " has a trial in which a server was at fault: " + fault->scenario + "/" +
                          fault->contender + " block " + std::to_string(fault->block) + ": " +
                          (fault->warnings.empty() ? "" : fault->warnings.front().code),
                      "mend it and measure again");
    if (const experiment::LostPairs pairs = experiment::lost_pairs(report); pairs.are_too_many())
        return refuse(name + " lost " + std::to_string(pairs.lost) + " of its " +
                          std::to_string(pairs.planned) + " pairs to invalid trials" +
                          (pairs.unmeasured.empty() ? "" : ", all of " + pairs.unmeasured.front()),
                      "measure again");
    return ok();
}

Outcome check_both(const RunReport& base, const RunReport& head) {
    for (const auto& [report, side] : {std::pair(&base, "base"), std::pair(&head, "head")})
        if (Outcome sound = check_report_alone(*report, side); !sound) return sound;
    if (base.environment.fingerprint != head.environment.fingerprint)
        return differ("the machines (fingerprints)", base.environment.fingerprint,
                      head.environment.fingerprint);
    if (!(experiment::suite_asked_for(base) == experiment::suite_asked_for(head)))
        return differ("the suites", "\"" + base.suite.id + "\"", "\"" + head.suite.id + "\"");
    if (base.run.seed != head.run.seed)
        return differ("the seeds", std::to_string(base.run.seed), std::to_string(head.run.seed));
    return ok();
}

const experiment::Margin* margin_of(std::string_view metric) {
    const auto table = experiment::margins();
    const auto row = std::ranges::find(table, metric, &experiment::Margin::metric);
    return row == table.end() ? nullptr : &*row;
}

/// ln(contender / control) of each block that has both.
std::vector<double> differences(const std::vector<CellTrials>& cells, const CompareRow& row,
                                const std::string& control) {
    std::vector<double> all;
    for (const CellTrials& cell : cells) {
        if (!is_same_cell(*cell.example, row.scenario, row.parameters)) continue;
        for (const BlockPair& pair : experiment::block_pairs(cell, control, row.contender)) {
            if (pair.first == nullptr) continue;
            const double of_control = experiment::metric_value(*pair.first, row.metric).value_or(0);
            const double of_contender = experiment::metric_value(*pair.second, row.metric).value_or(0);
            if (of_control > 0 && of_contender > 0) all.push_back(std::log(of_contender / of_control));
        }
    }
    return all;
}

/// What is left of a cell that lost many blocks may be a selection.
bool has_too_few(const std::vector<double>& blocks, const RunReport& report) {
    const double least = (1 - experiment::kMaxLostShare) * report.suite.repetitions;
    return blocks.size() < stats::kLeastBlocks || static_cast<double>(blocks.size()) < least;
}

/// A row on its way, with what it takes to judge it.
struct Judging {
    CompareRow row;
    std::optional<stats::WelchDifference> worse; ///< positive is worse
};

class Comparing {
public:
    Comparing(const CompareRequest& request, std::string control)
        : request_(request), control_(std::move(control)), base_(grid_cells(request.base)),
          head_(grid_cells(request.head)) {}

    std::vector<CompareRow> rows() {
        for (const CellTrials& cell : base_)
            for (const std::string& contender : cell.contenders)
                if (contender != control_ && find_contender(request_.head, contender) != nullptr)
                    add(cell, contender);
        judge();
        std::vector<CompareRow> rows;
        for (Judging& one : judgings_) rows.push_back(std::move(one.row));
        return rows;
    }

private:
    void add(const CellTrials& cell, const std::string& contender) {
        for (const std::string& metric : request_.tolerances.metrics()) {
            const auto tolerance = request_.tolerances.of(metric, cell.example->scenario);
            const experiment::Margin* margin = margin_of(metric);
            if (!tolerance ||
                (margin != nullptr && !experiment::is_judged(*margin, cell.example->parameters)))
                continue;
            CompareRow row;
            row.scenario = cell.example->scenario;
            row.parameters = cell.example->parameters;
            row.contender = contender;
            row.metric = metric;
            row.tolerance = *tolerance;
            row.is_higher_better = experiment::is_higher_better(metric);
            judgings_.push_back(measure(std::move(row), margin == nullptr ? 0.005 : margin->sd_floor));
        }
    }

    Judging measure(CompareRow row, double sd_floor) const {
        const std::vector<double> of_base = differences(base_, row, control_);
        const std::vector<double> of_head = differences(head_, row, control_);
        row.n_base = static_cast<unsigned>(of_base.size());
        row.n_head = static_cast<unsigned>(of_head.size());
        const auto noise = request_.noise.of(row.metric);
        if (has_too_few(of_base, request_.base) || has_too_few(of_head, request_.head))
            return {std::move(row), {}};
        const stats::Moments base = stats::moments_of(of_base, sd_floor);
        const stats::Moments head = stats::moments_of(of_head, sd_floor);
        row.ratio_base = std::exp(base.mean);
        row.ratio_head = std::exp(head.mean);
        row.change = std::exp(head.mean - base.mean);
        if (!noise) return {std::move(row), {}};
        stats::WelchDifference difference = stats::welch(base, head, 2 * *noise * *noise);
        const stats::Interval at95 = stats::interval_of(difference, 0.95);
        row.lower95 = std::exp(at95.lower);
        row.upper95 = std::exp(at95.upper);
        if (row.is_higher_better) difference.centre = -difference.centre;
        return {std::move(row), difference};
    }

    void judge() {
        std::vector<double> p;
        for (const Judging& one : judgings_)
            if (one.worse) p.push_back(stats::p_above_zero(*one.worse));
        const std::vector<double> adjusted = stats::holm(p);
        std::size_t place = 0;
        for (Judging& one : judgings_) {
            if (!one.worse) continue;
            one.row.p = adjusted[place++];
            const double tolerance = as_log(one.row.tolerance, one.row.is_higher_better);
            // A one-sided bound at 5 % is the upper end of the 90 % interval.
            const double at_worst = stats::interval_of(*one.worse, 1 - 2 * kCompareAlpha).upper;
            if (*one.row.p <= kCompareAlpha && one.worse->centre >= tolerance / 2)
                one.row.word = RowWord::kRegression;
            else
                one.row.word = at_worst < tolerance ? RowWord::kNotWorse : RowWord::kOpen;
        }
    }

    const CompareRequest& request_;
    std::string control_;
    std::vector<CellTrials> base_;
    std::vector<CellTrials> head_;
    std::vector<Judging> judgings_;
};

/// A metric of which nobody recorded how it differs from run to run is shown and not judged: that is said,
/// and keeps nothing from passing.
std::vector<std::string> unrecorded_metrics(const std::vector<CompareRow>& rows, const BetweenRuns& noise) {
    std::vector<std::string> metrics;
    for (const CompareRow& row : rows)
        if (!noise.of(row.metric) && std::ranges::find(metrics, row.metric) == metrics.end())
            metrics.push_back(row.metric);
    return metrics;
}

/// Metrics with open rows that no number of blocks could prove to be within their tolerance, unless head
/// gained: even without any spread within the runs, what runs differ by anyway leaves the bound beyond it.
std::vector<std::string> unprovable_metrics(const std::vector<CompareRow>& rows, const BetweenRuns& noise) {
    std::vector<std::string> warnings;
    std::vector<std::string_view> named;
    for (const CompareRow& row : rows) {
        const auto sd = noise.of(row.metric);
        const double least = sd ? stats::normal_quantile(1 - kCompareAlpha) * std::numbers::sqrt2 * *sd : 0;
        if (row.word != RowWord::kOpen || least < as_log(row.tolerance, row.is_higher_better) ||
            std::ranges::find(named, row.metric) != named.end())
            continue;
        named.push_back(row.metric);
        const double share = row.is_higher_better ? -std::expm1(-least) : std::expm1(least);
        warnings.push_back("cannot_pass: " + row.metric +
                           ": runs of one build differ by so much that two of them prove no less than " +
                           experiment::percent_text(share) + " worse, and " +
                           experiment::percent_text(row.tolerance) +
                           " is allowed; unless head gained, more blocks do not help: let kvduel gate duel "
                           "the two builds, or "
                           "allow more (--tolerances)");
    }
    return warnings;
}

GateVerdict verdict_of(const std::vector<CompareRow>& rows, const BetweenRuns& noise) {
    const auto count = [&](auto word) { return std::ranges::count(rows, word, &CompareRow::word); };
    if (count(RowWord::kRegression) > 0) return GateVerdict::kRegression;
    const auto judged =
        std::ranges::count_if(rows, [&](const CompareRow& row) { return noise.of(row.metric).has_value(); });
    return judged > 0 && count(RowWord::kNotWorse) == judged ? GateVerdict::kPass
                                                             : GateVerdict::kInconclusive;
}

} // namespace

Result<CompareResult> compare_reports(const CompareRequest& request) {
    if (Outcome sound = check_both(request.base, request.head); !sound) return sound.error();
    CompareResult result;
    Result<std::string> control = choose_control(request, result.warnings);
    if (!control) return control.error();
    result.control = *control;
    result.rows = Comparing(request, *control).rows();
    if (result.rows.empty())
        return refuse(
            "no contender besides " + *control + " stands in both reports",
            "only ratios to a contender of both are judged: absolute figures drift from run to run");
    for (const std::string& metric : unrecorded_metrics(result.rows, request.noise))
        result.warnings.push_back(
            "not_judged: " + metric +
            ": nobody recorded how much it differs from run to run; --between-runs FILE");
    for (auto& more :
         {other_rates(request.base, request.head), unprovable_metrics(result.rows, request.noise)})
        result.warnings.insert(result.warnings.end(), more.begin(), more.end());
    result.verdict = verdict_of(result.rows, request.noise);
    return result;
}

} // namespace kvduel::gate
