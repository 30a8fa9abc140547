#include "harness/experiment/run/refine.hpp"

#include "harness/experiment/judge/insertion.hpp"
#include "harness/experiment/judge/summarise.hpp"
#include "harness/experiment/run/estimate.hpp"
#include "harness/experiment/suite_for_test.hpp"

#include <doctest/doctest.h>

#include <set>

namespace kvduel::experiment {
namespace {

constexpr unsigned kFlip = 13; ///< connections from which on b is ahead

/// The load of a server that answers `requests` in the window of 2 s, all connections always waiting for one.
load::LoadResult load_of(std::uint64_t requests, unsigned connections) {
    load::LoadResult load = sound_load();
    load.requests.sent = load.requests.completed = load.requests.succeeded = requests;
    load.latency = load.service_time = {};
    const std::uint64_t each_ns = 2'000'000'000ULL * connections / requests;
    load.latency.record(each_ns, requests);
    load.service_time.record(each_ns, requests);
    load.in_flight_time_s = 2.0 * connections;
    return load;
}

/// Runs in which b answers a quarter more from kFlip connections on. b is of the floor, so that its plan
/// shows.
struct RefineFixture : SuiteFixture {
    std::vector<load::Plan> plans;

    RefineFixture() {
        Scenario& scenario = request.suite.scenarios[0];
        scenario.refine = Refine{Axis::kConnections};
        scenario.swept = {"connections"};
        scenario.cells.assign(2, sound_parameters());
        scenario.cells[0].connections = 8;
        scenario.cells[1].connections = 32;
        request.suite.repetitions = 3;
        request.contenders[1].model = kFloorModel;
        request.load = [this](const load::Plan& plan, load::Observer& observer,
                              const std::atomic<bool>& is_stopped) {
            plans.push_back(plan);
            auto load = pass_through(plan, observer, is_stopped);
            const bool is_ahead = !plan.is_verified && plan.connections >= kFlip;
            *load = load_of(is_ahead ? 5'000 : 4'000, plan.connections);
            return load;
        };
    }
};

/// No report, at whatever moment, has more trials than were planned.
struct PlanSink : MemorySink {
    Outcome write(const RunReport& report) override {
        CHECK(trials_done(report.trials) <= report.run.trials_planned);
        return MemorySink::write(report);
    }
};

std::vector<unsigned> connections_of(const std::vector<Parameters>& cells) {
    std::vector<unsigned> all;
    for (const Parameters& cell : cells) all.push_back(cell.connections);
    return all;
}

/// A place in a block is given once, and each cell meets each contender in each block.
void check_places(const RunReport& report) {
    std::set<std::pair<unsigned, unsigned>> places;
    std::set<std::tuple<unsigned, unsigned, std::string>> slots;
    for (const TrialRecord& trial : report.trials) {
        CHECK(places.emplace(trial.block, trial.order_in_block).second);
        slots.emplace(trial.block, trial.parameters.connections, trial.contender);
    }
    CHECK(slots.size() == report.suite.scenarios[0].cells.size() * 2 * report.suite.repetitions);
}

} // namespace

TEST_CASE("a run inserts cells behind its grid, in all blocks, until the boundary is found") {
    RefineFixture fixture;
    const auto end = fixture.run();
    REQUIRE(end);
    CHECK(end->exit_code == 0);
    const RunReport& report = end->report;
    const Scenario& scenario = report.suite.scenarios[0];
    CHECK(connections_of(scenario.cells) == std::vector<unsigned>{8, 32, 16, 11, 13});
    CHECK(scenario.inserted == 3);
    CHECK(fixture.progress.refined == std::vector<std::string>{"8-32", "8-16", "11-16"});
    check_places(report);
    CHECK(report.run.trials_planned == report.trials.size());
    REQUIRE(report.crossings.size() == 1);
    CHECK(report.crossings[0].lower == 11);
    CHECK(report.crossings[0].upper == 13);
    CHECK(report.crossings[0].stopped_by == StripEnd::kStep);
    for (std::size_t i = 0; i + 1 < report.trials.size(); i += 2) { // pairs are neighbours, asked the same
        CHECK(report.trials[i].parameters == report.trials[i + 1].parameters);
        CHECK(fixture.plans[i].seed == fixture.plans[i + 1].seed);
    }
}

TEST_CASE("a run that was cut in its refinement goes on with the same cells and finds the same boundary") {
    RefineFixture fixture;
    const auto whole = fixture.run();
    REQUIRE(whole);
    const RunReport& report = whole->report;
    const std::size_t grid = 2 * 2 * 3;
    for (const std::size_t had : {grid - 1, grid, grid + 1, grid + 4, grid + 6, grid + 11, grid + 18}) {
        CAPTURE(had);
        RunReport cut = report;
        cut.trials.resize(had);
        cut.run.finished_at.clear();
        const std::size_t rounds = had <= grid ? 0 : (had - grid + 5) / 6; // that had begun
        cut.suite.scenarios[0].cells.resize(2 + rounds);
        cut.suite.scenarios[0].inserted = static_cast<unsigned>(rounds);
        fixture.request.resumed = cut;
        fixture.progress = {};
        PlanSink sink;
        const auto end = run_suite(fixture.request, plain_readers(), sink, fixture.progress, fixture.stop);
        REQUIRE(end);
        CHECK(end->exit_code == 0);
        CHECK(sink.writes > 1);
        CHECK(end->report.suite == report.suite);
        CHECK(end->report.crossings == report.crossings);
        const std::size_t halves = had % 2; // of a pair: it stays and the pair is run again
        CHECK(end->report.trials.size() == report.trials.size() + halves);
        CHECK(fixture.progress.started == report.trials.size() + halves - had);
        CHECK(end->report.run.trials_planned == report.run.trials_planned);
        check_places(end->report);
        for (std::size_t i = had + halves; i < report.trials.size(); ++i) {
            CHECK(end->report.trials[i + halves].contender == report.trials[i].contender);
            CHECK(end->report.trials[i + halves].parameters == report.trials[i].parameters);
        }
    }
}

TEST_CASE("a refinement that is stopped leaves an interrupted report without another cell") {
    RefineFixture fixture;
    const LoadFunction load = fixture.request.load;
    fixture.request.load = [&](const load::Plan& plan, load::Observer& observer,
                               const std::atomic<bool>& stop) {
        if (fixture.plans.size() == 2 * 2 * 3 + 1) fixture.stop = true;
        return load(plan, observer, stop);
    };
    const auto end = fixture.run();
    REQUIRE(end);
    CHECK(end->exit_code == 130);
    CHECK(end->report.suite.scenarios[0].inserted == 1);
    REQUIRE(end->report.crossings.size() == 1);
    CHECK(end->report.crossings[0].stopped_by == StripEnd::kUndecided); // the cell that was begun
}

TEST_CASE("the time a refinement may take is that of all cells that the bounds allow") {
    RefineFixture fixture;
    const Suite& suite = fixture.request.suite;
    const auto& contenders = fixture.request.contenders;
    const Duration rest = std::chrono::milliseconds(200);
    const Parameters& dearest = suite.scenarios[0].cells[1];
    const double block_s = 2 * trial_seconds(dearest, rest);
    const double opening_s = trial_seconds(dearest, rest) - 1; // its window is 1 s
    CHECK(refinement_seconds(suite, contenders, rest) ==
          doctest::Approx(3 * kMostInsertedPerLine * (block_s + opening_s)));
    CHECK(estimate(suite, contenders, rest).refinement_s ==
          doctest::Approx(refinement_seconds(suite, contenders, rest)));

    Suite other = suite;
    other.scenarios[0].cells[0].connections = 30; // one cell may stand between, but the step is fine
    CHECK(refinement_seconds(other, contenders, rest) == 0);
    other.scenarios[0].cells[0].connections = 1;
    other.scenarios[0].cells[1].connections = 3;
    CHECK(refinement_seconds(other, contenders, rest) <= 3 * (block_s + opening_s));
    other.scenarios[0].refine.reset();
    CHECK(refinement_seconds(other, contenders, rest) == 0);
    CHECK(refinement_seconds(suite, {contenders[0]}, rest) == 0);
}

} // namespace kvduel::experiment
