#include "harness/experiment/run/run_searches.hpp"

#include "harness/experiment/run_suite.hpp"
#include "harness/experiment/suite_for_test.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {

namespace {

Parameters searched_cell() {
    Parameters cell = sound_parameters();
    cell.loop = Loop::kOpen;
    cell.search = Search{5'000, 0.001};
    return cell;
}

/// A server whose answers take 0.1 ms below `limit` requests a second, and 10 ms from there on.
LoadFunction limited_to(double limit, std::vector<double>& rates) {
    return [=, &rates](const load::Plan& plan, load::Observer& observer, const std::atomic<bool>& stop) {
        auto load = pass_through(plan, observer, stop);
        rates.push_back(*plan.rate_per_s);
        if (*plan.rate_per_s < limit) return load;
        load->latency = {};
        for (int i = 0; i < 40'000; ++i) load->latency.record(10'000'000);
        return load;
    };
}

} // namespace

TEST_CASE("a search encloses the server's limit for each contender, by turns, and keeps its steps") {
    SuiteFixture fixture;
    std::vector<double> rates;
    fixture.request.load = limited_to(7'300, rates);
    fixture.request.suite.scenarios[0].cells = {searched_cell()};
    const auto end = fixture.run();
    REQUIRE(end);
    CHECK(end->exit_code == 0);
    CHECK(end->report.trials.empty());
    REQUIRE(end->report.searches.size() == 2);
    for (const SearchResult& one : end->report.searches) {
        CHECK(one.state == SearchState::kFound);
        CHECK(one.lower_rps.value_or(0) < 7'300);
        CHECK(one.lower_rps.value_or(0) > 6'900);
        CHECK(one.upper_rps.value_or(0) >= 7'300);
        CHECK(one.upper_rps.value_or(0) < 7'700);
        CHECK(one.steps.size() * 2 == rates.size());
    }
    CHECK(rates[0] == rates[1]);
    CHECK(fixture.sink.writes == 1 + rates.size() + 1);
}

TEST_CASE("a search that was cut short goes on from its steps") {
    SuiteFixture fixture;
    std::vector<double> rates;
    fixture.request.contenders = {good("a")};
    const LoadFunction load = limited_to(7'300, rates);
    fixture.request.load = load;
    fixture.request.suite.scenarios[0].cells = {searched_cell()};
    const auto whole = fixture.run();
    REQUIRE(whole);
    SearchResult cut = whole->report.searches[0];
    for (const std::size_t steps : {std::size_t{0}, std::size_t{4}, cut.steps.size()}) {
        SearchResult begun = cut;
        begun.steps.resize(steps);
        const auto next = replay(begun).next_rate();
        if (steps < cut.steps.size())
            CHECK(next == cut.steps[steps].rate_per_s);
        else
            CHECK_FALSE(next);
    }
}

TEST_CASE("a step passes by P99 and by what was lost, and says nothing if the trial is invalid") {
    const Search target{5'000, 0.01};
    TrialRecord trial;
    trial.parameters.rate_per_s = 1'000;
    trial.requests.sent = trial.requests.completed = trial.requests.succeeded = 990;
    trial.latency.p99_us = 5'000;
    CHECK(judge_step(trial, target, false).has_passed);
    trial.requests.unsent = 10;
    CHECK(judge_step(trial, target, false).error_ratio == 0.01);
    CHECK(judge_step(trial, target, false).has_passed);
    trial.requests.errors.status = 1;
    CHECK(judge_step(trial, target, false).is_valid);
    CHECK_FALSE(judge_step(trial, target, false).has_passed);
    trial.latency.p99_us.reset(); // too few answers, as it failed
    CHECK(judge_step(trial, target, false).is_valid);
    trial.requests.errors.status = 0;
    CHECK_FALSE(judge_step(trial, target, false).is_valid);
    trial.latency.p99_us = 5'001;
    CHECK(judge_step(trial, target, false).is_valid);
    CHECK_FALSE(judge_step(trial, target, false).has_passed);
    trial.verdict = Verdict::kInvalid;
    trial.latency.count = 990;
    trial.warnings = {{"send_late", "late"}};
    CHECK_FALSE(judge_step(trial, target, false).is_valid);
    CHECK(judge_step(trial, target, true).is_valid); // towards the lower end it counts as it is
    CHECK_FALSE(judge_step(trial, target, true).has_passed);
    trial.latency.p99_us = 4'000;
    CHECK(judge_step(trial, target, true).has_passed);
    CHECK(judge_step(trial, target, false).has_passed);
    trial.warnings.push_back({"verification_failed", "wrong"});
    CHECK_FALSE(judge_step(trial, target, false).is_valid);
    CHECK_FALSE(judge_step(trial, target, true).is_valid);
}

} // namespace kvduel::experiment
