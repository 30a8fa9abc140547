#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/report/text/text_table.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::report {

// Where verdicts change, for readers. Pure.

/// "equivalent up to 16 connections, async wins from 19 on (RPS)"; what keeps the strip from being narrower
/// stands behind it, if it is not its step.
std::string crossing_sentence(const experiment::Crossing& crossing);

/// The sentences, each behind its scenario and all that is equal along its line; empty without crossings.
std::vector<std::string> crossing_lines(const std::vector<experiment::Crossing>& crossings);

/// A row each.
TextTable crossing_table(const std::vector<experiment::Crossing>& crossings);

/// A place on an axis: 16, 1,064.
std::string place_text(std::uint64_t place);

/// "connections", "us of wait": what is counted along an axis.
std::string_view axis_unit(experiment::Axis axis);

} // namespace kvduel::report
