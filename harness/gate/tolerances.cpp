#include "harness/gate/tolerances.hpp"

#include <algorithm>
#include <cmath>

namespace kvduel::gate {

std::vector<std::string> Tolerances::metrics() const {
    std::vector<std::string> names;
    for (const Tolerance& row : rows)
        if (std::ranges::find(names, row.metric) == names.end()) names.push_back(row.metric);
    return names;
}

std::optional<double> Tolerances::of(std::string_view metric, std::string_view scenario) const {
    std::optional<double> general;
    for (const Tolerance& row : rows) {
        if (row.metric != metric) continue;
        if (row.scenario == scenario) return row.share;
        if (row.scenario.empty()) general = row.share;
    }
    return general;
}

double as_log(double share, bool is_higher_better) {
    return is_higher_better ? -std::log1p(-share) : std::log1p(share);
}

} // namespace kvduel::gate
