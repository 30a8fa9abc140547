#pragma once

#include "harness/experiment/record/trial.hpp"
#include "harness/experiment/trial/trial_watch.hpp"
#include "harness/load/result.hpp"

#include <cstdint>
#include <string>

namespace kvduel::experiment {

/// Requests that ended within the window, whenever they were due: what the server's CPU time went into.
std::uint64_t ended_in_window(const load::LoadResult& load);

/// Says by how much the two looks at the server missed the ends of the window whose requests its CPU time is
/// divided over; nothing if they are close enough (limits::kMaxSampleSlip), or the load is in slices: then it
/// is looked at while it stands still. Pure.
std::string slip_of(const WindowEnd& begin, const WindowEnd& end, const load::LoadResult& load);

/// Takes the CPU time and the switches out of a look, so that no figure is made of them.
void forget_cpu(WindowEnd& look);

/// The server's resources over the window: the differences of its two ends. CPU time comes from the process's
/// clock, or from the server's own pages where its process is not ours to look at. Switches come from the
/// server's own pages where both were had (getrusage knows threads that have ended), else from the threads
/// that live; per request they are divided by what the same two looks counted. Pure.
ServerFigures make_server_figures(const WindowEnd& begin, const WindowEnd& end, const load::LoadResult& load);

} // namespace kvduel::experiment
