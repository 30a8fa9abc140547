#include "harness/experiment/run/trial_runner.hpp"

#include "harness/experiment/run/estimate.hpp"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

namespace kvduel::experiment {

namespace {

bool is_beside_target(const RunSetting& setting) {
    return setting.contenders.size() > 1 && std::ranges::any_of(setting.contenders, [](const Contender& one) {
               return one.target.has_value();
           });
}

} // namespace

void TrialRunner::begin(const Position& position) {
    if (has_run_) ::poll(nullptr, 0, static_cast<int>(request_.waits.rest / std::chrono::milliseconds(1)));
    has_run_ = true;
    progress_.trial_started(position);
}

Result<TrialRecord> TrialRunner::run_one(const TrialOrder& order, const Position& position,
                                         load::SliceSeat* seat, bool is_shown) {
    const TrialSetup setup{
        order.contender, order.parameters,          setting_.cpus, setting_.are_cpus_shared,
        order.load_seed, order.environment_padding, seat,          is_beside_target(setting_)};
    const auto show = [&](const load::Live& live) {
        if (is_shown) progress_.live(position, live);
    };
    const TrialHands hands{readers_, load_, request_.machine, request_.waits, stop_, show};
    Result<TrialRecord> record = run_trial(setup, hands);
    if (!record) {
        if (record.error().where.empty()) record.error().where = position.scenario;
        return record;
    }
    record->scenario = position.scenario;
    return record;
}

Result<TrialRecord> TrialRunner::run(const TrialOrder& order, const Position& position) {
    begin(position);
    return run_one(order, position, nullptr, true);
}

Result<std::vector<TrialRecord>> TrialRunner::run_in_slices(const std::vector<TrialOrder>& orders,
                                                            const Position& position) {
    begin(position);
    const auto slice = std::chrono::duration_cast<Duration>(
        std::chrono::duration<double>(orders.front().parameters.slice_s.value_or(0)));
    load::Slices slices(static_cast<unsigned>(orders.size()), slice);
    std::vector<std::optional<Result<TrialRecord>>> ran(orders.size());
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < orders.size(); ++i)
            threads.emplace_back([&, i] {
                load::SliceSeat seat(slices, i);
                ran[i] = run_one(orders[i], position, &seat, i == 0); // progress is for one thread at a time
            });
    }
    std::vector<TrialRecord> records;
    for (auto& one : ran) {
        if (!*one) return one->error();
        records.push_back(**std::move(one));
    }
    return records;
}

double TrialRunner::usual_s(const Parameters& parameters) const {
    return trial_seconds(parameters, request_.waits.rest);
}

} // namespace kvduel::experiment
