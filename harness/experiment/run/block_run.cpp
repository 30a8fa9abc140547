#include "harness/experiment/run/block_run.hpp"

#include "harness/experiment/judge/summarise.hpp"
#include "harness/experiment/trial/pair_state.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace kvduel::experiment {

namespace {

using Planned = std::span<const PlannedTrial>;

bool is_same_pair(const PlannedTrial& a, const PlannedTrial& b) {
    return a.block == b.block && a.scenario == b.scenario && a.cell == b.cell && a.group == b.group;
}

/// The trials of `plan` from its beginning on that are alike.
template <typename IsAlike>
Planned take_while(Planned plan, IsAlike is_alike) {
    std::size_t count = 0;
    while (count < plan.size() && is_alike(plan[count], plan.front())) ++count;
    return plan.first(count);
}

std::vector<Planned> pairs_of(Planned block) {
    std::vector<Planned> pairs;
    for (; !block.empty(); block = block.subspan(pairs.back().size()))
        pairs.push_back(take_while(block, is_same_pair));
    return pairs;
}

/// The blocks of a run on their way.
class BlockRun {
public:
    BlockRun(RunScene& scene, Planned plan, double later_s, unsigned before)
        : scene_(scene), plan_(plan), left_s_(later_s), before_(before) {
        for (const PlannedTrial& trial : plan) left_s_ += scene.runner.usual_s(cell_of(trial));
    }
    Outcome run();

private:
    Outcome run_block(Planned block);
    Outcome open_block(const PlannedTrial& next);
    Outcome run_pairs(Planned block, PairNeed need, bool& is_open);
    Outcome run_pair(Planned pair, unsigned repetition);
    Outcome run_one(const PlannedTrial& planned, unsigned repetition);
    Outcome run_in_slices(Planned pair, unsigned repetition);
    TrialOrder order_of(const PlannedTrial& planned, unsigned repetition) const;
    void add(TrialRecord record, const PlannedTrial& planned, unsigned repetition);
    Outcome keep();
    PairState state_of(Planned pair) const;
    Position position_of(const PlannedTrial& planned, const char* purpose, unsigned repetition) const;
    unsigned next_place(unsigned block) const;
    const Parameters& cell_of(const PlannedTrial& trial) const {
        return scene_.report.suite.scenarios[trial.scenario].cells[trial.cell];
    }

    RunScene& scene_;
    Planned plan_;
    double left_s_;
    unsigned before_;
};

Outcome BlockRun::run() {
    for (Planned rest = plan_; !rest.empty() && !scene_.runner.is_stopped();) {
        const Planned block =
            take_while(rest, [](const PlannedTrial& a, const PlannedTrial& b) { return a.block == b.block; });
        if (Outcome ran = run_block(block); !ran) return ran;
        rest = rest.subspan(block.size());
    }
    return ok();
}

Outcome BlockRun::run_block(Planned block) {
    bool is_open = !scene_.request.has_opening_trials;
    if (Outcome ran = run_pairs(block, PairNeed::kFirst, is_open); !ran) return ran;
    for (unsigned repeat = 1; repeat < kMostRuns; ++repeat)
        if (Outcome ran = run_pairs(block, PairNeed::kRepeat, is_open); !ran) return ran;
    return ok();
}

Outcome BlockRun::run_pairs(Planned block, PairNeed need, bool& is_open) {
    for (const Planned pair : pairs_of(block)) {
        const PairState state = state_of(pair);
        if (need == PairNeed::kFirst && state.need != PairNeed::kFirst)
            for (const PlannedTrial& done : pair) left_s_ -= scene_.runner.usual_s(cell_of(done));
        if (state.need != need) continue;
        if (scene_.runner.is_stopped()) return ok();
        if (!is_open)
            if (Outcome opened = open_block(pair.front()); !opened) return opened;
        is_open = true;
        if (Outcome ran = run_pair(pair, state.next_repetition); !ran) return ran;
    }
    return ok();
}

Outcome BlockRun::open_block(const PlannedTrial& next) {
    const Parameters parameters = opening_parameters(cell_of(next));
    const TrialOrder order{scene_.contenders[next.contender], parameters,
                           load_seed(scene_.report.run.seed, next, kMostRuns + 1), next.environment_padding};
    const auto opened = scene_.runner.run(order, position_of(next, "opening", 1));
    return opened ? ok() : Outcome(opened.error());
}

Outcome BlockRun::run_pair(Planned pair, unsigned repetition) {
    if (cell_of(pair.front()).slice_s && pair.size() > 1) return run_in_slices(pair, repetition);
    for (const PlannedTrial& planned : pair) {
        if (scene_.runner.is_stopped()) return ok();
        if (Outcome ran = run_one(planned, repetition); !ran) return ran;
        if (repetition == 1) left_s_ -= scene_.runner.usual_s(cell_of(planned));
        if (Outcome kept = keep(); !kept) return kept;
    }
    return ok();
}

Outcome BlockRun::run_in_slices(Planned pair, unsigned repetition) {
    std::vector<TrialOrder> orders;
    for (const PlannedTrial& planned : pair) orders.push_back(order_of(planned, repetition));
    auto records = scene_.runner.run_in_slices(orders, position_of(pair.front(), "", repetition));
    if (!records) return records.error();
    for (std::size_t i = 0; i < pair.size(); ++i) {
        add(std::move((*records)[i]), pair[i], repetition);
        if (repetition == 1) left_s_ -= scene_.runner.usual_s(cell_of(pair[i]));
    }
    return keep();
}

Outcome BlockRun::keep() {
    scene_.report.summary = summarise(scene_.report.trials);
    return scene_.keep();
}

TrialOrder BlockRun::order_of(const PlannedTrial& planned, unsigned repetition) const {
    return {scene_.contenders[planned.contender], cell_of(planned),
            load_seed(scene_.report.run.seed, planned, repetition), planned.environment_padding};
}

Outcome BlockRun::run_one(const PlannedTrial& planned, unsigned repetition) {
    Result<TrialRecord> record =
        scene_.runner.run(order_of(planned, repetition), position_of(planned, "", repetition));
    if (!record) return record.error();
    add(*std::move(record), planned, repetition);
    return ok();
}

void BlockRun::add(TrialRecord record, const PlannedTrial& planned, unsigned repetition) {
    record.block = planned.block;
    record.repetition = repetition;
    record.order_in_block = repetition == 1 ? planned.order_in_block : next_place(planned.block);
    scene_.report.trials.push_back(std::move(record));
    scene_.progress.trial_ended(position_of(planned, "", repetition), scene_.report.trials.back());
}

PairState BlockRun::state_of(Planned pair) const {
    Pair sought{scene_.report.suite.scenarios[pair.front().scenario].id,
                cell_of(pair.front()),
                pair.front().block,
                {}};
    for (const PlannedTrial& trial : pair) sought.contenders.push_back(scene_.contenders[trial.contender].id);
    return pair_state(scene_.report.trials, sought);
}

Position BlockRun::position_of(const PlannedTrial& planned, const char* purpose, unsigned repetition) const {
    Position position;
    position.purpose = purpose;
    position.trials = scene_.report.run.trials_planned;
    position.trial = before_ + static_cast<unsigned>(&planned - plan_.data()) + 1;
    position.block = planned.block;
    position.repetition = repetition;
    position.scenario = scene_.report.suite.scenarios[planned.scenario].id;
    position.contender = scene_.contenders[planned.contender].id;
    position.left_s = left_s_;
    position.refinement_s = scene_.refinement_s;
    return position;
}

/// After all places that the plan gave away, and those of earlier repeats.
unsigned BlockRun::next_place(unsigned block) const {
    unsigned last = 0;
    for (const PlannedTrial& planned : plan_)
        if (planned.block == block) last = std::max(last, planned.order_in_block);
    for (const TrialRecord& trial : scene_.report.trials)
        if (trial.block == block) last = std::max(last, trial.order_in_block);
    return last + 1;
}

} // namespace

Parameters opening_parameters(const Parameters& cell) {
    Parameters opening = cell;
    opening.duration_s = std::min(cell.duration_s, kOpeningWindowS);
    return opening;
}

Outcome run_blocks(RunScene& scene, const std::vector<PlannedTrial>& plan, double later_s, unsigned before) {
    return BlockRun(scene, plan, later_s, before).run();
}

} // namespace kvduel::experiment
