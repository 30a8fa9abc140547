#include "harness/cli/progress_line.hpp"

#include "harness/cli/terminal.hpp"
#include "harness/report/json/words.hpp"
#include "harness/report/tables/crossing_table.hpp"
#include "harness/report/tables/doctor_table.hpp"
#include "harness/report/tables/findings.hpp"
#include "harness/report/tables/result_tables.hpp"
#include "harness/report/text/printable.hpp"
#include "harness/report/text/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace kvduel::cli {
namespace {

using experiment::Position;
using experiment::TrialRecord;
using report::figure_text;

constexpr std::string_view kEraseLine = "\r\x1b[K";

std::string_view phase_word(load::Phase phase) {
    switch (phase) {
    case load::Phase::kPreload: return "preloading";
    case load::Phase::kConnect: return "connecting";
    case load::Phase::kWarmUp: return "warming up";
    case load::Phase::kWindow: return "measuring";
    case load::Phase::kDrain: return "draining";
    case load::Phase::kDone: return "done";
    }
    return "";
}

/// 0:21, 61:05.
std::string clock_text(double seconds) {
    const auto whole = static_cast<long>(std::clamp(std::ceil(seconds), 0.0, 360'000.0));
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

/// 66 s, 10 min.
std::string length_text(double seconds) {
    constexpr double kLongS = 120; // from here on minutes say it better
    const bool is_long = seconds >= kLongS;
    return fmt::format("{:.0f} {}", is_long ? seconds / 60 : seconds, is_long ? "min" : "s");
}

/// A full stderr or a closed one ends nothing: progress is a courtesy.
void say(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
}

/// "machine: warning: noise: ..."
std::string machine_text(const experiment::DoctorFinding& finding) {
    return fmt::format("machine: {}: {}", report::word_for(finding.verdict, report::kFitnessWords),
                       report::finding_text(finding));
}

/// One trial needs no announcement.
bool has_several(const Position& position) {
    return position.trials > 1;
}

/// "[12/60] ", "[12/60 again] ", or "[capacity] " for what is no trial of the report.
std::string lead_text(const Position& position) {
    if (!position.purpose.empty()) return fmt::format("[{}] ", position.purpose);
    return fmt::format("[{}/{}{}] ", position.trial, position.trials,
                       position.repetition > 1 ? " again" : "");
}

class TerminalProgress final : public experiment::Progress {
public:
    ~TerminalProgress() override { show_live(""); }
    void trial_started(const Position& position) override {
        if (!std::exchange(has_begun_, true) && has_several(position))
            say(fmt::format("{}{}\n", kEraseLine, begun_text(position)));
        show_live(live_text(position, load::Live{}));
    }
    void live(const Position& position, const load::Live& live) override {
        show_live(live_text(position, live));
    }
    void trial_ended(const Position&, const TrialRecord& trial) override {
        if (trial.verdict == experiment::Verdict::kInvalid)
            say(fmt::format("{}{}\n", kEraseLine, report::invalid_line(trial)));
    }
    void finding(const experiment::DoctorFinding& finding) override {
        say(fmt::format("{}{}\n", kEraseLine, machine_text(finding)));
    }
    void refining(const experiment::Scenario& scenario, const experiment::Insertion& next) override {
        say(fmt::format("{}{}\n", kEraseLine, refining_text(scenario, next)));
    }
    void note(std::string_view text) override {
        say(fmt::format("{}note: {}\n", kEraseLine, report::printable(text)));
    }

private:
    bool has_begun_ = false;
};

class LogProgress final : public experiment::Progress {
public:
    explicit LogProgress(bool is_wanted) : is_wanted_(is_wanted) {}
    void trial_started(const Position& position) override {
        if (!std::exchange(has_begun_, true) && is_wanted_ && has_several(position))
            say(begun_text(position) + "\n");
    }
    void trial_ended(const Position& position, const TrialRecord& trial) override {
        if (is_wanted_ || trial.verdict == experiment::Verdict::kInvalid)
            say(ended_text(position, trial) + "\n");
    }
    void finding(const experiment::DoctorFinding& finding) override { say(machine_text(finding) + "\n"); }
    void refining(const experiment::Scenario& scenario, const experiment::Insertion& next) override {
        if (is_wanted_) say(refining_text(scenario, next) + "\n");
    }
    void note(std::string_view text) override { say(fmt::format("note: {}\n", report::printable(text))); }

private:
    bool is_wanted_;
    bool has_begun_ = false;
};

} // namespace

std::unique_ptr<experiment::Progress> make_progress(bool is_wanted) {
    if (is_wanted && is_terminal(STDERR_FILENO)) return std::make_unique<TerminalProgress>();
    return std::make_unique<LogProgress>(is_wanted);
}

std::string begun_text(const Position& position) {
    std::string text = fmt::format("{} trials, about {}", position.trials - position.trial + 1,
                                   length_text(position.left_s));
    if (position.refinement_s > 0)
        text += fmt::format(", and up to {} more for the boundary", length_text(position.refinement_s));
    return text;
}

std::string refining_text(const experiment::Scenario& scenario, const experiment::Insertion& next) {
    return fmt::format("refining {}: between {} and {} {} ({})", report::printable(scenario.id),
                       report::place_text(next.lower), report::place_text(next.upper),
                       report::axis_unit(scenario.refine->axis),
                       report::cell_label(next.cell, scenario.refine->axis));
}

std::string live_text(const Position& position, const load::Live& live) {
    std::string text = fmt::format("{}{} left  {}/{}", lead_text(position), clock_text(position.left_s),
                                   position.scenario, position.contender);
    if (live.expected_s <= 0) return text + "  starting";
    text += fmt::format("  {} {:.1f}/{:.1f} s", phase_word(live.phase), live.elapsed_s, live.expected_s);
    if (live.throughput_rps > 0) text += fmt::format("  {} RPS", figure_text(live.throughput_rps));
    if (live.p99_us > 0) text += fmt::format("  P99 {} us", figure_text(live.p99_us));
    return text;
}

std::string ended_text(const Position& position, const TrialRecord& trial) {
    const std::string lead = lead_text(position);
    if (trial.verdict == experiment::Verdict::kInvalid) return lead + report::invalid_line(trial);
    std::string text = fmt::format("{}{}/{} block {}: {} RPS", lead, trial.scenario, trial.contender,
                                   trial.block, figure_text(trial.throughput_rps.value_or(0)));
    if (trial.latency.p99_us) text += fmt::format(", P99 {} us", figure_text(*trial.latency.p99_us));
    return text;
}

} // namespace kvduel::cli
