#pragma once

#include "harness/experiment/plan/contender.hpp"
#include "harness/experiment/run/progress.hpp"
#include "harness/experiment/run/run_request.hpp"
#include "harness/experiment/run/run_setting.hpp"
#include "harness/experiment/trial/run_trial.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace kvduel::experiment {

/// One trial to run, as a phase of the run orders it.
struct TrialOrder {
    const Contender& contender;
    const Parameters& parameters;
    std::uint64_t load_seed = 1;
    std::size_t environment_padding = 0;
};

/// Runs trial after trial with a rest between them. Main thread only: the servers die with the thread that
/// started them. What it is given must outlive it.
class TrialRunner {
public:
    TrialRunner(const RunRequest& request, const JsonReaders& readers, Progress& progress,
                const std::atomic<bool>& stop, const RunSetting& setting)
        : request_(request), readers_(readers), progress_(progress), stop_(stop), setting_(setting),
          load_(request.load ? request.load : load::run_load) {}

    /// Rests, unless it is the first, tells progress that the trial starts, and runs it. An error is for the
    /// run (run_trial()); one without a place gets the scenario's id.
    Result<TrialRecord> run(const TrialOrder& order, const Position& position);

    /// As run(), for all at once, in slices of the first one's slice_s: each has a thread of its own, in
    /// which its server lives. In the order of `orders`; the first error is that of all.
    Result<std::vector<TrialRecord>> run_in_slices(const std::vector<TrialOrder>& orders,
                                                   const Position& position);

    bool is_stopped() const { return stop_.load(std::memory_order_relaxed); }

    /// trial_seconds() of this run.
    double usual_s(const Parameters& parameters) const;

private:
    Result<TrialRecord> run_one(const TrialOrder& order, const Position& position, load::SliceSeat* seat,
                                bool is_shown);
    void begin(const Position& position);

    const RunRequest& request_;
    const JsonReaders& readers_;
    Progress& progress_;
    const std::atomic<bool>& stop_;
    const RunSetting& setting_;
    LoadFunction load_;
    bool has_run_ = false;
};

} // namespace kvduel::experiment
