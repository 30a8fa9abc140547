#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/experiment/run/progress.hpp"
#include "harness/experiment/run/run_request.hpp"
#include "harness/experiment/run/trial_runner.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace kvduel::experiment {

/// What the phases of a run (calibration, blocks, searches) share. Main thread only.
struct RunScene {
    const RunRequest& request;
    const std::vector<Contender>& contenders; ///< resolved, with paths that can be started
    TrialRunner& runner;
    ReportSink& sink;
    Progress& progress;
    RunReport& report;                ///< grows; its suite is the one that runs
    std::optional<Error> write_error; ///< the sink's
    double refinement_s = 0;          ///< that may come after the blocks, at the most

    Outcome keep() {
        Outcome written = sink.write(report);
        if (!written) write_error = written.error();
        return written;
    }
    void note(const std::string& text) {
        auto& notes = report.run.notes;
        if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.push_back(text);
        progress.note(text);
    }
};

} // namespace kvduel::experiment
