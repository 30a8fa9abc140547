#include "harness/experiment/trial_runner.hpp"

#include "harness/experiment/estimate.hpp"

#include <poll.h>

#include <chrono>

namespace kvduel::experiment {

Result<TrialRecord> TrialRunner::run(const TrialOrder& order, const Position& position) {
    if (has_run_) ::poll(nullptr, 0, static_cast<int>(request_.waits.rest / std::chrono::milliseconds(1)));
    has_run_ = true;
    progress_.trial_started(position);
    const TrialSetup setup{order.contender,  order.parameters, cpus_,
                           are_cpus_shared_, order.load_seed,  order.environment_padding};
    const TrialHands hands{readers_, load_, request_.waits, stop_,
                           [&](const load::Live& live) { progress_.live(position, live); }};
    Result<TrialRecord> record = run_trial(setup, hands);
    if (!record) {
        if (record.error().where.empty()) record.error().where = position.scenario;
        return record;
    }
    record->scenario = position.scenario;
    return record;
}

double TrialRunner::usual_s(const Parameters& parameters) const {
    return trial_seconds(parameters, request_.waits.rest);
}

} // namespace kvduel::experiment
