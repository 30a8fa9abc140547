#include "harness/report/check/check_searches.hpp"

#include "harness/experiment/run/run_searches.hpp"

#include <cmath>

namespace kvduel::report {
namespace {

using experiment::SearchResult;
using experiment::SearchStep;

bool is_close(double a, double b) {
    return std::abs(a - b) <= 1e-9 * std::abs(b);
}

void check_step(const SearchStep& step, const experiment::Search& target, const Place& place,
                Faults& faults) {
    const bool holds = step.is_valid && step.p99_us && *step.p99_us <= target.p99_us &&
                       step.error_ratio <= target.error_ratio;
    if (step.has_passed != holds)
        faults.add(place.child("passed"), "does not follow from the figures beside it");
}

void check_search(const SearchResult& result, const Place& place, Faults& faults) {
    if (!result.parameters.search) return faults.add(place.child("parameters"), "asks for no search");
    SearchResult so_far = result;
    so_far.steps.clear();
    experiment::CapacitySearch search = experiment::replay(so_far);
    for (std::size_t i = 0; i < result.steps.size(); ++i) {
        const Place at = place.child("steps").child(i);
        const SearchStep& step = result.steps[i];
        check_step(step, *result.parameters.search, at, faults);
        const auto rate = search.next_rate();
        if (!rate || !is_close(step.rate_per_s, *rate))
            return faults.add(at.child("rate_per_s"), "not the rate that follows from the steps before");
        if (step.is_valid)
            search.take(step.has_passed);
        else
            search.take_invalid();
    }
    if (search.state() != result.state) faults.add(place.child("state"), "does not follow from the steps");
    if (search.lower() != result.lower_rps || search.upper() != result.upper_rps)
        faults.add(place, "the interval does not follow from the steps");
}

} // namespace

void check_searches(const experiment::RunReport& report, const Place& root, Faults& faults) {
    for (std::size_t i = 0; i < report.searches.size(); ++i)
        check_search(report.searches[i], root.child("searches").child(i), faults);
}

} // namespace kvduel::report
