#include "harness/experiment/run/calibration.hpp"

#include "harness/experiment/run_suite.hpp"
#include "harness/experiment/suite_for_test.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {

namespace {

Parameters share_of(double fraction) {
    Parameters cell = sound_parameters();
    cell.loop = Loop::kOpen;
    cell.load_fraction = fraction;
    cell.are_errors_expected = true;
    return cell;
}

Capacity capacity_of(const char* contender, const Parameters& cell, double rps) {
    return {"s", contender, capacity_parameters(cell), {rps, rps, rps}, rps, 0, {}};
}

/// Load that goes at a rate of its own for each closed loop, and as is due in an open one.
struct Loads {
    std::vector<double> offered;
    unsigned closed = 0;
    unsigned saturated = 0; ///< so many closed loops find the generator at its end

    LoadFunction function() {
        return [this](const load::Plan& plan, load::Observer& observer, const std::atomic<bool>& stop) {
            auto load = pass_through(plan, observer, stop);
            if (plan.rate_per_s)
                offered.push_back(*plan.rate_per_s);
            else if (++closed <= saturated)
                load->generator_busy_share = 0.99;
            return load;
        };
    }
};

} // namespace

TEST_CASE("a capacity is asked for by a closed loop that the server need not refuse") {
    Parameters cell = share_of(2);
    cell.connections = 512;
    cell.arrivals = workload::ArrivalKind::kPoisson;
    cell.duration_s = 5;
    cell.server["max_in_flight"] = "100";
    const Parameters closed = capacity_parameters(cell);
    CHECK(closed.loop == Loop::kClosed);
    CHECK(closed.connections == 100);
    CHECK(closed.duration_s == kCapacityWindowS);
    CHECK_FALSE(closed.load_fraction);
    CHECK_FALSE(closed.are_errors_expected);
    CHECK(closed.server == cell.server);
}

TEST_CASE("cells that differ in their share alone need one capacity") {
    Suite suite;
    suite.scenarios.resize(2);
    suite.scenarios[0].id = "a";
    suite.scenarios[1].id = "b";
    suite.scenarios[0].cells = {share_of(0.5), share_of(0.9)};
    suite.scenarios[1].cells = {share_of(0.5), share_of(0.5), sound_parameters()};
    suite.scenarios[1].cells[1].server["work_wait_us"] = "5000";
    std::vector<Contender> contenders(2);
    contenders[0].options["work_wait_us"] = "--work-wait-us";
    const auto needs = capacity_needs(suite, contenders);
    REQUIRE(needs.size() == 2);
    CHECK(needs[0].scenario == "a");
    CHECK(needs[0].contenders.size() == 2);
    CHECK(needs[1].contenders == std::vector<std::size_t>{0});
}

TEST_CASE("the rate is the share of the slower contender's median, the same for all") {
    Suite suite;
    suite.scenarios.resize(1);
    suite.scenarios[0].cells = {share_of(0.5), share_of(2)};
    std::vector<Contender> contenders(2);
    contenders[0].id = "a";
    contenders[1].id = "b";
    std::vector<Capacity> capacities{capacity_of("a", share_of(1), 900), capacity_of("b", share_of(1), 600)};
    CHECK(set_rates(suite, capacities, contenders).empty());
    CHECK(suite.scenarios[0].cells[0].rate_per_s == 300);
    CHECK(suite.scenarios[0].cells[1].rate_per_s == 1'200);

    capacities[1].median_rps.reset();
    suite.scenarios[0].cells = {share_of(0.5)};
    CHECK(set_rates(suite, capacities, contenders).size() == 1);
    CHECK_FALSE(suite.scenarios[0].cells[0].rate_per_s);
}

TEST_CASE("capacities are measured before the blocks, contenders alternating, and kept in the report") {
    SuiteFixture fixture;
    Loads loads;
    fixture.request.load = loads.function();
    fixture.request.suite.scenarios[0].cells = {share_of(0.5)};
    const auto end = fixture.run();
    REQUIRE(end);
    CHECK(end->exit_code == 0);
    const auto& capacities = end->report.capacities;
    REQUIRE(capacities.size() == 2);
    for (const Capacity& one : capacities) {
        CHECK(one.throughput_rps.size() == kCapacityTrials);
        CHECK(one.median_rps == 20'000.0);
        CHECK(one.invalid_trials == 0);
    }
    CHECK(fixture.progress.purposes.size() == 2 * kCapacityTrials);
    CHECK(loads.offered == std::vector<double>(4, 10'000.0));
    REQUIRE(end->report.trials.size() == 4);
    CHECK(end->report.trials[0].parameters == end->report.suite.scenarios[0].cells[0]);
    CHECK(end->report.run.trials_planned == 4);
}

TEST_CASE("an invalid capacity trial is made up for, within its bound") {
    SuiteFixture fixture;
    Loads loads;
    loads.saturated = 2;
    fixture.request.load = loads.function();
    fixture.request.suite.scenarios[0].cells = {share_of(0.5)};
    const auto end = fixture.run();
    REQUIRE(end);
    CHECK(end->exit_code == 0);
    CHECK(loads.closed == 2 * kCapacityTrials + 2);
    for (const Capacity& one : end->report.capacities) {
        CHECK(one.invalid_trials == 1);
        CHECK(one.invalid_codes.front() == "generator_saturated");
    }
}

TEST_CASE("without a capacity its cells are left out aloud, the others run, and the run is invalid") {
    SuiteFixture fixture;
    Loads loads;
    loads.saturated = 1'000;
    fixture.request.load = loads.function();
    fixture.request.suite.scenarios[0].cells = {share_of(0.5), share_of(0.9)};
    fixture.request.suite.scenarios.push_back({"other", "", "", {}, {sound_parameters()}});
    fixture.request.suite.scenarios[1].cells[0].loop = Loop::kOpen;
    fixture.request.suite.scenarios[1].cells[0].rate_per_s = 5'000;
    const auto end = fixture.run();
    REQUIRE(end);
    CHECK(end->exit_code == 3);
    CHECK(loads.closed == 2 * kCapacityAttempts);
    CHECK(end->report.run.notes ==
          std::vector<std::string>{"hot-get: 2 of 2 cells are left out: the capacity their load_fraction "
                                   "refers to could not be measured"});
    CHECK(end->report.trials.size() == 4);
    CHECK(end->report.run.trials_planned == 4);
    CHECK(loads.offered == std::vector<double>(4, 5'000.0));
}

} // namespace kvduel::experiment
