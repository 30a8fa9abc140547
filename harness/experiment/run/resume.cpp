#include "harness/experiment/run/resume.hpp"

#include <algorithm>

namespace kvduel::experiment {

namespace {

Error other(const std::string& what, const std::string& old, const std::string& now) {
    return {ErrorKind::kInvalid, "--resume", what + ": " + old + " then, " + now + " now",
            "begin a new run: figures of both would not belong together"};
}

Outcome check_machine(const Environment& old, const Environment& now) {
    if (old.fingerprint == now.fingerprint) return ok();
    return other("the report is of another machine, or of other CPUs of it",
                 old.fingerprint + " (" + old.cpu_model + ", " + old.kernel + ")",
                 now.fingerprint + " (" + now.cpu_model + ", " + now.kernel + ")");
}

Outcome check_build(const Tool& old, const Tool& now) {
    if (old.sha256 == now.sha256) return ok();
    return other("the report was measured by another build of kvduel",
                 old.git_sha + (old.is_dirty ? " (dirty)" : ""),
                 now.git_sha + (now.is_dirty ? " (dirty)" : ""));
}

Outcome check_contenders(const std::vector<Contender>& old, const std::vector<Contender>& now) {
    if (old.size() != now.size())
        return other("the report is of other contenders", std::to_string(old.size()),
                     std::to_string(now.size()));
    for (std::size_t i = 0; i < old.size(); ++i) {
        if (old[i].id != now[i].id || old[i].command != now[i].command || old[i].options != now[i].options)
            return other("the report is of other contenders", "\"" + old[i].id + "\"",
                         "\"" + now[i].id + "\"");
        if (old[i].sha256 != now[i].sha256)
            return other("contender \"" + old[i].id + "\" is another build", "sha256 " + old[i].sha256,
                         now[i].sha256);
    }
    return ok();
}

} // namespace

Parameters cell_asked_for(const Parameters& measured) {
    Parameters cell = measured;
    if (cell.load_fraction) cell.rate_per_s.reset();
    return cell;
}

Suite suite_asked_for(const RunReport& report) {
    Suite suite = report.suite;
    for (Scenario& scenario : suite.scenarios) {
        scenario.cells.resize(scenario.grid_cells());
        scenario.inserted = 0;
        for (Parameters& cell : scenario.cells) cell = cell_asked_for(cell);
    }
    return suite;
}

Outcome check_same_run(const RunReport& old, const RunReport& now) {
    if (Outcome same = check_machine(old.environment, now.environment); !same) return same;
    if (Outcome same = check_build(old.tool, now.tool); !same) return same;
    if (Outcome same = check_contenders(old.contenders, now.contenders); !same) return same;
    if (suite_asked_for(old) == now.suite) return ok();
    return other("the report is of another suite, or of other repetitions or durations",
                 "\"" + old.suite.id + "\"", "\"" + now.suite.id + "\"");
}

RunReport continued(const RunReport& old, const RunReport& now, const std::string& now_text) {
    RunReport report = old;
    report.run.finished_at.clear();
    // Made anew when it ends.
    report.comparisons.clear();
    report.crossings.clear();
    report.expectations.clear();
    report.run.is_interrupted = false;
    report.run.resumed_at.push_back(now_text);
    for (const std::string& note : now.run.notes)
        if (std::ranges::find(report.run.notes, note) == report.run.notes.end())
            report.run.notes.push_back(note);
    return report;
}

} // namespace kvduel::experiment
