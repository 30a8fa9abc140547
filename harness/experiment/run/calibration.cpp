#include "harness/experiment/run/calibration.hpp"

#include "harness/experiment/plan/trial_order.hpp"
#include "harness/experiment/run/estimate.hpp"
#include "harness/stats/median.hpp"
#include "harness/workload/random.hpp"

#include <algorithm>
#include <charconv>

namespace kvduel::experiment {

namespace {

using workload::Draw;
using workload::Seed;

unsigned admitted_at_most(const ServerOptions& options) {
    const auto option = options.find("max_in_flight");
    unsigned most = std::numeric_limits<unsigned>::max();
    if (option == options.end()) return most;
    const std::string& text = option->second;
    std::from_chars(text.data(), text.data() + text.size(), most);
    return std::max(most, 1U);
}

const Capacity* find_capacity(const std::vector<Capacity>& capacities, const Parameters& parameters,
                              const std::string& contender) {
    const auto found = std::ranges::find_if(capacities, [&](const Capacity& one) {
        return one.contender == contender && one.parameters == parameters;
    });
    return found == capacities.end() ? nullptr : &*found;
}

bool wants_more(const Capacity& capacity) {
    return capacity.throughput_rps.size() < kCapacityTrials &&
           capacity.throughput_rps.size() + capacity.invalid_trials < kCapacityAttempts;
}

void take(const TrialRecord& trial, Capacity& capacity) {
    if (trial.verdict == Verdict::kValid && trial.throughput_rps.value_or(0) > 0) {
        capacity.throughput_rps.push_back(*trial.throughput_rps);
        return;
    }
    ++capacity.invalid_trials;
    for (const Warning& warning : trial.warnings)
        if (std::ranges::find(capacity.invalid_codes, warning.code) == capacity.invalid_codes.end())
            capacity.invalid_codes.push_back(warning.code);
}

std::vector<std::size_t> runners_of(const Parameters& cell, const std::vector<Contender>& contenders) {
    std::vector<std::size_t> able;
    for (std::size_t i = 0; i < contenders.size(); ++i)
        if (missing_options(contenders[i], cell).empty()) able.push_back(i);
    return able;
}

/// The capacities of one need on their way.
class Calibration {
public:
    Calibration(RunScene& scene, const CapacityNeed& need, double left_s)
        : scene_(scene), need_(need), left_s_(left_s) {
        for (const std::size_t contender : need.contenders)
            found_.push_back({need.scenario, scene.contenders[contender].id, need.parameters, {}, {}, 0, {}});
    }

    Outcome run() {
        for (unsigned round = 0; round < kCapacityAttempts; ++round)
            if (Outcome ran = run_round(round); !ran) return ran;
        if (scene_.runner.is_stopped()) return ok();
        for (Capacity& capacity : found_) {
            if (capacity.throughput_rps.size() == kCapacityTrials)
                capacity.median_rps = stats::spread_of(capacity.throughput_rps)->median;
            scene_.report.capacities.push_back(capacity);
        }
        return scene_.keep();
    }

private:
    Outcome run_round(unsigned round) {
        for (std::size_t i = 0; i < found_.size(); ++i) {
            const std::size_t place = round % 2 == 0 ? i : found_.size() - 1 - i;
            if (scene_.runner.is_stopped() || !wants_more(found_[place])) continue;
            if (Outcome ran = run_one(place, round); !ran) return ran;
        }
        return ok();
    }

    Outcome run_one(std::size_t place, unsigned round) {
        const Seed root(scene_.report.run.seed);
        const std::uint64_t stream = scene_.report.capacities.size();
        const std::size_t padding =
            drawn_padding(Draw(root.split("capacity padding"), stream, round * found_.size() + place));
        const TrialOrder order{scene_.contenders[need_.contenders[place]], need_.parameters,
                               Draw(root.split("capacity"), stream, round).bits(), padding};
        Position position;
        position.purpose = "capacity";
        position.trial = 1;
        position.trials = scene_.report.run.trials_planned;
        position.scenario = need_.scenario;
        position.contender = found_[place].contender;
        position.left_s = left_s_;
        position.refinement_s = scene_.refinement_s;
        const auto trial = scene_.runner.run(order, position);
        if (!trial) return trial.error();
        left_s_ = std::max(0.0, left_s_ - scene_.runner.usual_s(need_.parameters));
        take(*trial, found_[place]);
        scene_.progress.trial_ended(position, *trial);
        return ok();
    }

    RunScene& scene_;
    const CapacityNeed& need_;
    double left_s_;
    std::vector<Capacity> found_;
};

} // namespace

Parameters capacity_parameters(const Parameters& cell) {
    Parameters closed = cell;
    closed.loop = Loop::kClosed;
    closed.rate_per_s.reset();
    closed.load_fraction.reset();
    closed.search.reset();
    closed.arrivals = Parameters{}.arrivals;
    closed.slice_s.reset(); // each contender is measured alone
    closed.are_errors_expected = false;
    closed.duration_s = std::min(cell.duration_s, kCapacityWindowS);
    const unsigned admitted = std::max(1U, admitted_at_most(cell.server) / std::max(1U, cell.pipeline));
    closed.connections = std::max(std::min(cell.connections, admitted), cell.threads);
    return closed;
}

std::vector<CapacityNeed> capacity_needs(const Suite& suite, const std::vector<Contender>& contenders) {
    std::vector<CapacityNeed> needs;
    for (const Scenario& scenario : suite.scenarios)
        for (const Parameters& cell : scenario.cells) {
            if (!cell.load_fraction) continue;
            CapacityNeed need{scenario.id, capacity_parameters(cell), runners_of(cell, contenders)};
            const bool is_known = std::ranges::any_of(
                needs, [&](const CapacityNeed& known) { return known.parameters == need.parameters; });
            if (!is_known && !need.contenders.empty()) needs.push_back(std::move(need));
        }
    return needs;
}

std::optional<double> base_capacity(const CapacityNeed& need, const std::vector<Capacity>& capacities,
                                    const std::vector<Contender>& contenders) {
    std::optional<double> base;
    for (const std::size_t contender : need.contenders) {
        const Capacity* one = find_capacity(capacities, need.parameters, contenders[contender].id);
        if (one == nullptr || !one->median_rps) return std::nullopt;
        base = std::min(base.value_or(*one->median_rps), *one->median_rps);
    }
    return base;
}

std::vector<std::string> set_rates(Suite& suite, const std::vector<Capacity>& capacities,
                                   const std::vector<Contender>& contenders) {
    std::vector<std::string> notes;
    for (Scenario& scenario : suite.scenarios) {
        std::size_t left_out = 0;
        for (Parameters& cell : scenario.cells) {
            if (!cell.load_fraction) continue;
            const CapacityNeed need{scenario.id, capacity_parameters(cell), runners_of(cell, contenders)};
            const std::optional<double> base = base_capacity(need, capacities, contenders);
            if (base) cell.rate_per_s = *cell.load_fraction * *base;
            if (!base) ++left_out;
        }
        if (left_out > 0)
            notes.push_back(scenario.id + ": " + std::to_string(left_out) + " of " +
                            std::to_string(scenario.cells.size()) +
                            " cells are left out: the capacity their load_fraction refers to could not be "
                            "measured");
    }
    return notes;
}

Outcome calibrate(RunScene& scene, const std::vector<CapacityNeed>& needs, double left_s) {
    const Duration rest = scene.request.waits.rest;
    for (const CapacityNeed& need : needs) {
        if (scene.runner.is_stopped()) return ok();
        const bool is_measured = std::ranges::all_of(need.contenders, [&](std::size_t contender) {
            return find_capacity(scene.report.capacities, need.parameters, scene.contenders[contender].id) !=
                   nullptr;
        });
        if (!is_measured)
            if (Outcome ran = Calibration(scene, need, left_s).run(); !ran) return ran;
        left_s -= capacity_seconds(need, rest);
    }
    return ok();
}

double capacity_seconds(const CapacityNeed& need, Duration rest) {
    return kCapacityTrials * static_cast<double>(need.contenders.size()) *
           trial_seconds(need.parameters, rest);
}

} // namespace kvduel::experiment
