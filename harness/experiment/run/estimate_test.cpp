#include "harness/experiment/run/estimate.hpp"

#include "harness/experiment/plan/trial_order.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {

TEST_CASE("an estimate counts the trials that are planned, each with warm-up, window and rest") {
    Suite suite;
    suite.repetitions = 3;
    suite.scenarios.resize(1);
    suite.scenarios[0].cells.resize(2);
    for (Parameters& cell : suite.scenarios[0].cells) {
        cell.warmup_s = 0.5;
        cell.duration_s = 2;
    }
    suite.scenarios[0].cells[1].server = {{"threads", "2"}};
    Contender both;
    both.options = {{"threads", "--threads"}};
    const std::vector<Contender> contenders{both, Contender{}}; // the second is left out of the second cell
    const Duration rest = std::chrono::milliseconds(200);
    const Estimate whole = estimate(suite, contenders, rest);
    CHECK(whole.trials == plan_trials(suite, contenders, 1).size());
    CHECK(whole.trials == 9);
    const double openings_s = 3 * (trial_seconds(suite.scenarios[0].cells[0], rest) - 1);
    CHECK(whole.seconds ==
          doctest::Approx(9 * trial_seconds(suite.scenarios[0].cells[0], rest) + openings_s));
    CHECK(whole.seconds > 9 * 2.7);

    Parameters& share = suite.scenarios[0].cells[1];
    share.server.clear();
    share.loop = Loop::kOpen;
    share.load_fraction = 0.5;
    const Estimate with_capacity = estimate(suite, contenders, rest);
    CHECK(with_capacity.trials == 12);
    CHECK(with_capacity.seconds > whole.seconds + 2 * 3 * 1.7);
}

} // namespace kvduel::experiment
