#include "harness/experiment/plan/trial_order.hpp"

#include "harness/workload/random.hpp"

#include <algorithm>
#include <utility>

namespace kvduel::experiment {

namespace {

using workload::Draw;
using workload::Seed;

constexpr std::uint64_t kPaddings = 4096; // one page of stack: more repeats the same offsets

/// Fisher-Yates; std::shuffle differs from library to library, and a seed must mean one order everywhere.
template <typename T>
void shuffle(std::vector<T>& items, Draw& draw) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[draw.bits() % i]);
}

struct Cell {
    std::size_t scenario;
    std::size_t cell;
    std::size_t number; ///< over all scenarios
};

std::vector<Cell> cells_of(const Suite& suite) {
    std::vector<Cell> cells;
    for (std::size_t scenario = 0; scenario < suite.scenarios.size(); ++scenario)
        for (std::size_t cell = 0; cell < suite.scenarios[scenario].grid_cells(); ++cell)
            cells.push_back({scenario, cell, cells.size()});
    return cells;
}

std::vector<PlannedTrial> draw_block(const Suite& suite, const std::vector<Contender>& contenders,
                                     std::uint64_t pair, Seed seed) {
    Draw draw(seed.split("order"), 0, pair);
    std::vector<Cell> cells = cells_of(suite);
    shuffle(cells, draw);
    std::vector<PlannedTrial> block;
    for (const Cell& cell : cells) {
        if (!is_run_in_blocks(suite.scenarios[cell.scenario].cells[cell.cell])) continue;
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < contenders.size(); ++i)
            if (missing_options(contenders[i], suite.scenarios[cell.scenario].cells[cell.cell]).empty())
                order.push_back(i);
        shuffle(order, draw);
        for (const std::size_t contender : order) {
            PlannedTrial trial;
            trial.scenario = cell.scenario;
            trial.cell = cell.cell;
            trial.contender = contender;
            block.push_back(trial);
        }
    }
    return block;
}

std::uint64_t number_of(const CellPlace& cell) {
    return cell.scenario * 1'000'003 + cell.cell;
}

/// The contenders that run `cell`, in the order of its `pair` of blocks.
std::vector<std::size_t> draw_contenders(const Parameters& cell, std::uint64_t cell_number,
                                         const std::vector<Contender>& contenders, std::uint64_t pair,
                                         Seed seed) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < contenders.size(); ++i)
        if (missing_options(contenders[i], cell).empty()) order.push_back(i);
    Draw draw(seed.split("inserted contenders"), cell_number, pair);
    shuffle(order, draw);
    return order;
}

std::vector<PlannedTrial> draw_inserted(const Suite& suite, std::vector<CellPlace> cells,
                                        const std::vector<Contender>& contenders, std::uint64_t pair,
                                        Seed seed) {
    const Seed of_cells = seed.split("inserted cells");
    std::ranges::stable_sort(
        cells, {}, [&](const CellPlace& cell) { return Draw(of_cells, number_of(cell), pair).bits(); });
    std::vector<PlannedTrial> block;
    for (const CellPlace& cell : cells)
        for (const std::size_t contender : draw_contenders(suite.scenarios[cell.scenario].cells[cell.cell],
                                                           number_of(cell), contenders, pair, seed)) {
            PlannedTrial& trial = block.emplace_back();
            trial.scenario = cell.scenario;
            trial.cell = cell.cell;
            trial.contender = contender;
        }
    return block;
}

} // namespace

bool is_run_in_blocks(const Parameters& cell) {
    return !cell.search && (cell.loop == Loop::kClosed || cell.rate_per_s.has_value());
}

std::uint64_t load_seed(std::uint64_t seed, const PlannedTrial& trial, unsigned repetition) {
    const std::uint64_t cell = number_of({trial.scenario, trial.cell});
    return Draw(Seed(seed).split("load"), cell, trial.block + (repetition - 1) * 1'000'003ULL).bits();
}

std::vector<std::string> missing_options(const Contender& contender, const Parameters& cell) {
    std::vector<std::string> missing;
    for (const auto& [name, value] : cell.server)
        if (!contender.options.contains(name)) missing.push_back(name);
    return missing;
}

std::size_t drawn_padding(Draw draw) {
    return draw.bits() % kPaddings;
}

std::vector<PlannedTrial> plan_trials(const Suite& suite, const std::vector<Contender>& contenders,
                                      std::uint64_t seed) {
    const Seed root(seed);
    std::vector<PlannedTrial> all;
    for (unsigned block = 1; block <= suite.repetitions; ++block) {
        std::vector<PlannedTrial> trials = draw_block(suite, contenders, (block - 1) / 2, root);
        if (block % 2 == 0) std::reverse(trials.begin(), trials.end());
        for (std::size_t i = 0; i < trials.size(); ++i) {
            PlannedTrial& trial = trials[i];
            trial.block = block;
            trial.order_in_block = static_cast<unsigned>(i + 1);
            trial.environment_padding = drawn_padding(Draw(root.split("padding"), all.size() + i, 0));
        }
        all.insert(all.end(), trials.begin(), trials.end());
    }
    return all;
}

std::vector<CellPlace> inserted_cells(const Suite& suite) {
    std::vector<CellPlace> places;
    for (std::size_t i = 0; i < suite.scenarios.size(); ++i)
        for (std::size_t k = suite.scenarios[i].grid_cells(); k < suite.scenarios[i].cells.size(); ++k)
            places.push_back({i, k});
    return places;
}

unsigned count_planned(const Suite& suite, const std::vector<Contender>& contenders) {
    const std::size_t grid = plan_trials(suite, contenders, 0).size();
    return static_cast<unsigned>(grid + plan_inserted(suite, inserted_cells(suite), contenders, 0).size());
}

std::vector<PlannedTrial> plan_inserted(const Suite& suite, const std::vector<CellPlace>& cells,
                                        const std::vector<Contender>& contenders, std::uint64_t seed) {
    const Seed root(seed);
    std::vector<PlannedTrial> all;
    for (unsigned block = 1; block <= suite.repetitions; ++block) {
        std::vector<PlannedTrial> trials = draw_inserted(suite, cells, contenders, (block - 1) / 2, root);
        if (block % 2 == 0) std::reverse(trials.begin(), trials.end());
        for (std::size_t i = 0; i < trials.size(); ++i) {
            PlannedTrial& trial = trials[i];
            trial.block = block;
            trial.order_in_block = static_cast<unsigned>(i + 1);
            const std::uint64_t number = number_of({trial.scenario, trial.cell});
            trial.environment_padding = drawn_padding(
                Draw(root.split("inserted padding"), number, block * contenders.size() + trial.contender));
        }
        all.insert(all.end(), trials.begin(), trials.end());
    }
    return all;
}

} // namespace kvduel::experiment
