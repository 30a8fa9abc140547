#include "harness/gate/judge.hpp"

#include "harness/experiment/judge/margins.hpp"
#include "harness/experiment/judge/summarise.hpp"
#include "harness/experiment/record/cell_trials.hpp"

#include <algorithm>
#include <cmath>

namespace kvduel::gate {

namespace {

using experiment::BlockPair;
using experiment::CellTrials;
using experiment::Parameters;

bool is_judged_in(std::string_view metric, const Parameters& cell) {
    const auto table = experiment::margins();
    const auto row = std::ranges::find(table, metric, &experiment::Margin::metric);
    return row == table.end() || experiment::is_judged(*row, cell);
}

/// d and who ran first; absent where a figure is missing, or is 0 and has no logarithm.
std::optional<stats::GatePair> pair_of(const BlockPair& pair, const GateRow& row) {
    const double base = experiment::metric_value(*pair.first, row.metric).value_or(0);
    const double head = experiment::metric_value(*pair.second, row.metric).value_or(0);
    if (base <= 0 || head <= 0) return std::nullopt;
    const double rise = std::log(head / base);
    return stats::GatePair{row.is_higher_better ? -rise : rise,
                           pair.second->order_in_block < pair.first->order_in_block};
}

double ratio_of(double worse_by, const GateRow& row) {
    return std::exp(row.is_higher_better ? -worse_by : worse_by);
}

RowWord word_for(const stats::GateFinding& finding) {
    if (!finding.p) return RowWord::kUnjudged;
    if (finding.is_regression) return RowWord::kRegression;
    return finding.is_proven ? RowWord::kNotWorse : RowWord::kOpen;
}

void fill(GateRow& row, const stats::GateFinding& finding) {
    row.n = static_cast<unsigned>(finding.n);
    row.word = word_for(finding);
    row.p = finding.p;
    if (finding.n > 0) row.ratio = ratio_of(finding.centre, row);
    if (finding.at_worst) row.at_worst = ratio_of(*finding.at_worst, row);
    if (!finding.at95) return;
    const double one = ratio_of(finding.at95->lower, row);
    const double other = ratio_of(finding.at95->upper, row);
    row.lower95 = std::min(one, other);
    row.upper95 = std::max(one, other);
}

/// The rows and endpoints of one gate, side by side.
class Endpoints {
public:
    Endpoints(const GateRequest& request, const Duellists& duellists, std::size_t blocks)
        : request_(request), duellists_(duellists), blocks_(blocks), metrics_(request.tolerances.metrics()) {}

    void add(const Duel& duel, const std::vector<CellTrials>& cells) {
        const std::vector<BlockPair> pairs = pairs_of(duel, cells);
        planned += static_cast<unsigned>(blocks_);
        lost += static_cast<unsigned>(blocks_) - static_cast<unsigned>(pairs.size());
        const experiment::Scenario& scenario = request_.run.suite.scenarios[duel.scenario];
        const Parameters& cell = scenario.cells[duel.cell];
        for (std::size_t metric = 0; metric < metrics_.size(); ++metric) {
            const auto tolerance = request_.tolerances.of(metrics_[metric], scenario.id);
            if (!tolerance || !is_judged_in(metrics_[metric], cell)) continue;
            GateRow& row = rows.emplace_back();
            row.scenario = scenario.id;
            row.parameters = cell;
            row.server = request_.run.contenders[duel.server].id;
            row.metric = metrics_[metric];
            row.tolerance = *tolerance;
            row.is_higher_better = experiment::is_higher_better(row.metric);
            stats::GateEndpoint& endpoint = endpoints.emplace_back();
            endpoint.metric = metric;
            endpoint.tolerance = as_log(*tolerance, row.is_higher_better);
            endpoint.by_block.resize(blocks_);
            for (const BlockPair& pair : pairs) endpoint.by_block[pair.block - 1] = pair_of(pair, row);
        }
    }

    std::vector<GateRow> rows;
    std::vector<stats::GateEndpoint> endpoints;
    unsigned planned = 0;
    unsigned lost = 0;

private:
    /// The valid ones of the blocks that count.
    std::vector<BlockPair> pairs_of(const Duel& duel, const std::vector<CellTrials>& cells) const {
        const experiment::Scenario& scenario = request_.run.suite.scenarios[duel.scenario];
        const auto cell = std::ranges::find_if(cells, [&](const CellTrials& one) {
            return one.example->scenario == scenario.id &&
                   one.example->parameters == scenario.cells[duel.cell];
        });
        if (cell == cells.end()) return {};
        std::vector<BlockPair> pairs = experiment::block_pairs(*cell, duellists_.contenders[duel.base].id,
                                                               duellists_.contenders[duel.head].id);
        std::erase_if(pairs,
                      [&](const BlockPair& pair) { return pair.first == nullptr || pair.block > blocks_; });
        return pairs;
    }

    const GateRequest& request_;
    const Duellists& duellists_;
    std::size_t blocks_;
    std::vector<std::string> metrics_;
};

} // namespace

Judged judge(const GateRequest& request, const Duellists& duellists,
             const std::vector<experiment::TrialRecord>& trials, const stats::GateLook& look) {
    const std::vector<CellTrials> cells = experiment::by_cell(trials);
    Endpoints family(request, duellists, look.blocks);
    for (const Duel& duel : duellists.duels) family.add(duel, cells);
    const stats::GateJudgement judgement = stats::judge_gate(family.endpoints, look);
    for (std::size_t i = 0; i < family.rows.size(); ++i) {
        fill(family.rows[i], judgement.endpoints[i]);
        family.rows[i].by_block = std::move(family.endpoints[i].by_block);
    }
    return {judgement.word, std::move(family.rows), family.planned, family.lost};
}

} // namespace kvduel::gate
