#include "harness/report/check/check_capacities.hpp"

#include "harness/report/json/rounding.hpp"

#include "harness/experiment/run/calibration.hpp"
#include "harness/stats/median.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kvduel::report {
namespace {

using experiment::Capacity;
using experiment::Parameters;
using experiment::RunReport;

void check_median(const Capacity& capacity, const Place& place, Faults& faults) {
    if (capacity.throughput_rps.size() < experiment::kCapacityTrials) {
        if (capacity.median_rps)
            faults.add(place.child("median_rps"), "stands there, though trials are missing");
        return;
    }
    const double median = stats::spread_of(capacity.throughput_rps)->median;
    if (!capacity.median_rps || !are_close(*capacity.median_rps, median))
        faults.add(place.child("median_rps"), fmt::format("not that of the trials = {}", median));
}

void check_rate(const RunReport& report, const Parameters& cell, const Place& place, Faults& faults) {
    if (!cell.load_fraction || !cell.rate_per_s) return;
    double base = 0;
    for (const Capacity& capacity : report.capacities)
        if (capacity.median_rps && capacity.parameters == experiment::capacity_parameters(cell))
            base = base > 0 ? std::min(base, *capacity.median_rps) : *capacity.median_rps;
    if (!are_close(*cell.rate_per_s, *cell.load_fraction * base))
        faults.add(place.child("rate_per_s"), fmt::format("{} is not load_fraction of the capacity = {}",
                                                          *cell.rate_per_s, *cell.load_fraction * base));
}

} // namespace

void check_capacities(const RunReport& report, const Place& root, Faults& faults) {
    for (std::size_t i = 0; i < report.capacities.size(); ++i)
        check_median(report.capacities[i], root.child("capacities").child(i), faults);
    const Place scenarios = root.child("suite").child("scenarios");
    for (std::size_t i = 0; i < report.suite.scenarios.size(); ++i)
        for (std::size_t k = 0; k < report.suite.scenarios[i].cells.size(); ++k)
            check_rate(report, report.suite.scenarios[i].cells[k], scenarios.child(i).child("cells").child(k),
                       faults);
}

} // namespace kvduel::report
