#pragma once

#include "harness/experiment/judge/insertion.hpp"
#include "harness/experiment/machine/doctor_finding.hpp"
#include "harness/experiment/record/trial.hpp"
#include "harness/load/run_load.hpp"

#include <string_view>

namespace kvduel::experiment {

/// Where a run stands; known before each trial.
struct Position {
    unsigned trial = 0; ///< 1, 2, ...
    unsigned trials = 0;
    unsigned block = 0;
    double left_s = 0; ///< estimated time to the end of the run, this trial included
    std::string_view scenario;
    std::string_view contender;
    std::string_view purpose =
        {};                  ///< of a trial that is none of the report's: "capacity"; empty: one of them
    double refinement_s = 0; ///< that may come on top of left_s, at the most
    unsigned repetition = 1; ///< 2, 3, ...: again, for its pair was not valid before
};

/// Hears how a run goes on, to show it. All calls come from the thread that runs the suite.
class Progress {
public:
    virtual ~Progress() = default;
    virtual void trial_started(const Position&) {}
    virtual void live(const Position&, const load::Live&) {} ///< about every 100 ms
    virtual void trial_ended(const Position&, const TrialRecord&) {}
    virtual void finding(const DoctorFinding&) {
    } ///< a warning or problem of the machine, before the first trial
    virtual void refining(const Scenario&, const Insertion&) {} ///< a cell was inserted and comes next
    virtual void note(std::string_view) {} ///< one sentence for the reader, also kept in the report
};

} // namespace kvduel::experiment
