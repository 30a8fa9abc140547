#include "harness/gate/gate_plan.hpp"

#include "harness/workload/random.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace kvduel::gate {

namespace {

using experiment::PlannedTrial;
using workload::Draw;
using workload::Seed;

constexpr std::uint64_t kMostTrials = 1'000'003;

std::vector<std::size_t> shuffled(std::size_t count, Draw& draw) {
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[draw.bits() % i]);
    return order;
}

} // namespace

std::vector<PlannedTrial> plan_block(const std::vector<Duel>& duels, unsigned block, std::uint64_t seed) {
    const Seed root(seed);
    Draw draw(root.split("gate order"), 0, (block - 1) / 2);
    std::vector<PlannedTrial> trials;
    for (const std::size_t place : shuffled(duels.size(), draw)) {
        const Duel& duel = duels[place];
        const bool has_head_first = (draw.bits() & 1) != 0;
        for (const bool is_head : {has_head_first, !has_head_first}) {
            PlannedTrial& trial = trials.emplace_back();
            trial.scenario = duel.scenario;
            trial.cell = duel.cell;
            trial.group = duel.server;
            trial.contender = is_head ? duel.head : duel.base;
        }
    }
    if (block % 2 == 0) std::ranges::reverse(trials);
    for (std::size_t i = 0; i < trials.size(); ++i) {
        trials[i].block = block;
        trials[i].order_in_block = static_cast<unsigned>(i + 1);
        trials[i].environment_padding =
            experiment::drawn_padding(Draw(root.split("gate padding"), block * kMostTrials + i, 0));
    }
    return trials;
}

} // namespace kvduel::gate
