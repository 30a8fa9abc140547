#pragma once

#include "harness/experiment/run/progress.hpp"

#include <memory>
#include <string>

namespace kvduel::cli {

/// Where a run stands, on stderr: one live line on a terminal, else a line for each trial. Nothing is
/// coloured, so NO_COLOR has nothing to switch off; TERM=dumb counts as no terminal. `is_wanted` false:
/// invalid trials and notes alone.
std::unique_ptr<experiment::Progress> make_progress(bool is_wanted);

/// "60 trials, about 2 min, and up to 5 min more for the boundary": what a run has before it, when its first
/// trial begins. Pure.
std::string begun_text(const experiment::Position& position);

/// "refining downstream-wait: between 16 and 64 connections (closed loop, server work_wait_us 5000)". Pure.
std::string refining_text(const experiment::Scenario& scenario, const experiment::Insertion& next);

/// "[12/60] 0:21 left  hot-get/async  measuring 0.8/2.4 s  105,000 RPS  P99 1,240 us". Pure.
std::string live_text(const experiment::Position& position, const load::Live& live);

/// "[12/60] hot-get/async block 2: 105,000 RPS, P99 1,240 us": a trial that ended. Pure.
std::string ended_text(const experiment::Position& position, const experiment::TrialRecord& trial);

} // namespace kvduel::cli
