#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::gate {

/// How much the ratio of two contenders differs from run to run of one build: the sd of ln(ratio), of a run,
/// as it was recorded (docs/ci.md). What two single runs can show is less than this.
struct BetweenRuns {
    struct Row {
        std::string metric;
        double sd = 0;
    };
    std::vector<Row> rows;

    /// Absent: nobody recorded it, and two runs decide nothing about the metric.
    std::optional<double> of(std::string_view metric) const {
        for (const Row& row : rows)
            if (row.metric == metric) return row.sd;
        return std::nullopt;
    }
};

} // namespace kvduel::gate
