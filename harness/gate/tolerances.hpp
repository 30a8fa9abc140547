#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::gate {

/// How much worse a metric may become before a change is to be stopped. Reviewed figures: never part of the
/// change that they judge.
struct Tolerance {
    std::string metric;   ///< a row of experiment::metrics()
    std::string scenario; ///< empty: wherever no other row names the scenario
    /// 0.08: throughput may fall by 8 %, anything else may rise by 8 %. Absent: not judged in this scenario.
    std::optional<double> share = 0;

    bool operator==(const Tolerance&) const = default;
};

struct Tolerances {
    std::vector<Tolerance> rows;

    /// Each metric once, in order: the endpoints of a gate.
    std::vector<std::string> metrics() const;
    /// Absent: the metric is not judged there.
    std::optional<double> of(std::string_view metric, std::string_view scenario) const;

    bool operator==(const Tolerances&) const = default;
};

/// |ln| of the ratio of head over base that is as bad as `share` allows. Pure.
double as_log(double share, bool is_higher_better);

} // namespace kvduel::gate
