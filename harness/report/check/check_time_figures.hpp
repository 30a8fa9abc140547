#pragma once

#include "harness/experiment/record/trial.hpp"
#include "harness/report/json/fields.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace kvduel::report {

// The arithmetic of a trial's times, for check_trial_figures(). Faults are added with their place. Pure.

/// `stands` is in the report, `follows` from what stands beside it.
void expect_count(std::uint64_t stands, std::uint64_t follows, std::string_view why, const Place& place,
                  Faults& faults);

/// Every figure is that of the histogram beside it; a percentile is null exactly if too few samples carry it,
/// and then says so.
void check_times(const experiment::TimeFigures& times, const Place& place, Faults& faults);

/// Of a server's own histogram only the figures stand: their order, and the reasons of those that are null.
void check_server_times(const std::optional<experiment::ServerTimeFigures>& times, const Place& place,
                        Faults& faults);

void check_lateness(const experiment::LatenessFigures& lateness, const Place& place, Faults& faults);

/// The percentiles of a slice of the window, against the number of requests that ended in it.
void check_interval_percentiles(const experiment::IntervalFigures& interval, const Place& place,
                                Faults& faults);

} // namespace kvduel::report
