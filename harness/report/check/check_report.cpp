#include "harness/report/check/check_report.hpp"

#include "harness/experiment/judge/expectation.hpp"
#include "harness/experiment/judge/summarise.hpp"
#include "harness/report/check/check_capacities.hpp"
#include "harness/report/check/check_comparisons.hpp"
#include "harness/report/check/check_crossings.hpp"
#include "harness/report/check/check_searches.hpp"
#include "harness/report/check/check_trial_figures.hpp"
#include "harness/report/json/fields.hpp"
#include "harness/report/json/rounding.hpp"
#include "harness/report/json/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace kvduel::report {
namespace {

using experiment::RunReport;
using experiment::SummaryRow;
using experiment::TrialRecord;

/// A trial is one of the cells the suite asks for, of a contender the report declares, and is there once.
void check_trial_belongs(const RunReport& report, const TrialRecord& trial, const Place& place,
                         Faults& faults) {
    const auto& scenarios = report.suite.scenarios;
    const auto scenario = std::ranges::find(scenarios, trial.scenario, &experiment::Scenario::id);
    if (scenario == scenarios.end())
        return faults.add(place.child("scenario"), fmt::format("\"{}\" is not in the suite", trial.scenario));
    if (std::ranges::find(scenario->cells, trial.parameters) == scenario->cells.end())
        faults.add(place.child("parameters"), fmt::format("no cell of \"{}\" has these", trial.scenario));
    if (std::ranges::find(report.contenders, trial.contender, &experiment::Contender::id) ==
        report.contenders.end())
        faults.add(place.child("contender"),
                   fmt::format("\"{}\" is not among the contenders", trial.contender));
    if (trial.block > report.suite.repetitions)
        faults.add(place.child("block"),
                   fmt::format("{} is past the {} repetitions", trial.block, report.suite.repetitions));
}

/// Finds trials that stand there twice: both would enter the medians.
class Twins {
public:
    bool is_second(const TrialRecord& trial) {
        auto& cells = met_[{trial.scenario, trial.contender, trial.block, trial.repetition}];
        if (std::ranges::find(cells, trial.parameters) != cells.end()) return true;
        cells.push_back(trial.parameters);
        return false;
    }

private:
    std::map<std::tuple<std::string, std::string, unsigned, unsigned>, std::vector<experiment::Parameters>>
        met_;
};

void check_trials(const RunReport& report, const Place& root, Faults& faults) {
    std::set<std::pair<unsigned, unsigned>> slots;
    Twins twins;
    for (std::size_t i = 0; i < report.trials.size(); ++i) {
        const TrialRecord& trial = report.trials[i];
        const Place place = root.child("trials").child(i);
        check_trial_belongs(report, trial, place, faults);
        if (!slots.emplace(trial.block, trial.order_in_block).second)
            faults.add(place.child("order_in_block"),
                       fmt::format("block {} has two trials in place {}", trial.block, trial.order_in_block));
        if (twins.is_second(trial))
            faults.add(place, fmt::format("{}/{} in block {}, repetition {}, stands there twice",
                                          trial.scenario, trial.contender, trial.block, trial.repetition));
        check_trial_figures(trial, place, faults);
    }
}

bool is_same_row(const SummaryRow& a, const SummaryRow& b) {
    return std::tie(a.scenario, a.contender, a.parameters, a.metric, a.unit) ==
           std::tie(b.scenario, b.contender, b.parameters, b.metric, b.unit);
}

void check_summary(const RunReport& report, const Place& root, Faults& faults) {
    const std::vector<SummaryRow> expected = experiment::summarise(report.trials);
    const Place place = root.child("summary");
    if (report.summary.size() != expected.size())
        return faults.add(
            place, fmt::format("{} rows, though the trials give {}", report.summary.size(), expected.size()));
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const SummaryRow& stands = report.summary[i];
        const SummaryRow& follows = expected[i];
        if (!is_same_row(stands, follows))
            return faults.add(place.child(i),
                              fmt::format("not the row of {}/{} {} that the trials give", follows.scenario,
                                          follows.contender, follows.metric));
        if (stands.n != follows.n)
            faults.add(place.child(i).child("n"),
                       fmt::format("{} is not that of the trials = {}", stands.n, follows.n));
        const std::tuple<const char*, std::optional<double>, std::optional<double>> figures[] = {
            {"median", stands.median, follows.median},
            {"min", stands.min, follows.min},
            {"max", stands.max, follows.max},
            {"lower95", stands.lower95, follows.lower95},
            {"upper95", stands.upper95, follows.upper95}};
        for (const auto& [name, in_report, from_trials] : figures)
            if (!are_close(in_report, from_trials))
                faults.add(place.child(i).child(name), fmt::format("{} is not that of the trials = {}",
                                                                   shown(in_report), shown(from_trials)));
    }
}

/// Each follows from the suite, the contenders and the summary.
void check_expectations(const RunReport& report, const Place& root, Faults& faults) {
    const Place place = root.child("expectations");
    if (report.run.finished_at.empty()) { // they rest on figures that still change
        if (!report.expectations.empty()) faults.add(place, "not empty, though the run has not finished");
        return;
    }
    const std::vector<experiment::Expectation> expected = experiment::expectations(report);
    if (report.expectations.size() != expected.size())
        return faults.add(place, fmt::format("{} rows, though the suite gives {}", report.expectations.size(),
                                             expected.size()));
    for (std::size_t i = 0; i < expected.size(); ++i) {
        experiment::Expectation stands = report.expectations[i];
        if (!are_close(stands.expected, expected[i].expected))
            return faults.add(place.child(i).child("expected"),
                              fmt::format("{} does not follow from the report = {}", stands.expected,
                                          expected[i].expected));
        stands.expected = expected[i].expected;
        if (stands != expected[i])
            return faults.add(place.child(i),
                              fmt::format("not the row of {}/{} {} that follows from the report",
                                          expected[i].scenario, expected[i].contender, expected[i].metric));
    }
}

/// A check speaks once, and what it finds bad it says how to mend.
void check_doctor(const RunReport& report, const Place& root, Faults& faults) {
    const Place place = root.child("environment").child("doctor");
    std::set<std::string> checks;
    for (std::size_t i = 0; i < report.environment.doctor.size(); ++i) {
        const experiment::DoctorFinding& finding = report.environment.doctor[i];
        if (!checks.insert(finding.check).second)
            faults.add(place.child(i).child("check"),
                       fmt::format("\"{}\" stands there twice", finding.check));
        const bool is_bad = finding.verdict == experiment::Fitness::kWarning ||
                            finding.verdict == experiment::Fitness::kProblem;
        if (is_bad && finding.remedy.empty())
            faults.add(place.child(i).child("remedy"),
                       fmt::format("null, though it is a {}", word_for(finding.verdict, kFitnessWords)));
        if (finding.verdict == experiment::Fitness::kOk && !finding.remedy.empty())
            faults.add(place.child(i).child("remedy"), "stands there, though nothing is wrong");
    }
}

} // namespace

Outcome check_report(const RunReport& report, std::string_view file) {
    Faults faults;
    const Place root{std::string(file), ""};
    check_doctor(report, root, faults);
    check_capacities(report, root, faults);
    check_searches(report, root, faults);
    check_inserted(report, root, faults);
    check_trials(report, root, faults);
    check_summary(report, root, faults);
    check_expectations(report, root, faults);
    check_comparisons(report, root, faults);
    check_crossings(report, root, faults);
    if (faults.first()) return *faults.first();
    return ok();
}

} // namespace kvduel::report
