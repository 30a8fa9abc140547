#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/report/text/text_table.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::report {

/// A figure that was expected of a contender in a cell, beside the median that was measured.
struct TheoryRow {
    std::string contender;
    std::string metric;
    std::optional<double> measured; ///< absent: no valid trial
    double expected = 0;
    std::string formula;

    /// How far the measured figure lies from the expected one, as a share of it.
    std::optional<double> deviation() const {
        if (!measured || !(expected > 0)) return std::nullopt;
        return *measured / expected - 1;
    }
};

/// The expectations of a cell in the order of the report. Pure.
std::vector<TheoryRow> theory_rows(const experiment::RunReport& report, const std::string& scenario,
                                   const experiment::Parameters& parameters);

/// Measured, expected, deviation in percent and the formula.
TextTable theory_table(const std::vector<TheoryRow>& rows, std::string_view first_title);

} // namespace kvduel::report
