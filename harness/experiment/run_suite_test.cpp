#include "harness/experiment/run_suite.hpp"

#include "harness/experiment/machine/proc_children.hpp"
#include "harness/experiment/suite_for_test.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

namespace kvduel::experiment {

TEST_CASE("a run writes the report before the first trial, after each and at the end") {
    SuiteFixture fixture;
    const auto end = fixture.run();
    REQUIRE(end);
    const RunReport& report = end->report;
    REQUIRE(report.trials.size() == 4);
    CHECK(fixture.sink.writes == 1 + 4 + 1);
    CHECK(fixture.sink.last.trials.size() == 4);
    CHECK(fixture.progress.started == 4);
    CHECK(fixture.progress.ended == 4);
    CHECK(fixture.progress.left_s[0] > fixture.progress.left_s[3]);
    for (const TrialRecord& trial : report.trials) {
        CHECK(faults_of(trial) == "");
        CHECK(trial.throughput_rps == 20'000.0);
        CHECK(trial.server.exit.code == 0);
        CHECK(trial.server.pid.value_or(0) > 0);
        CHECK(trial.server.cpu_s);
        CHECK(trial.server_arguments.size() == 3);
        CHECK(trial.phases.window_s);
    }
    CHECK(report.trials[0].contender == report.trials[3].contender);
    CHECK(report.trials[1].contender == report.trials[2].contender);
    CHECK(report.run.id.ends_with("-tiny"));
    CHECK_FALSE(report.run.finished_at.empty());
    CHECK_FALSE(report.run.is_interrupted);
    CHECK(report.environment.fingerprint.size() == 16);
    CHECK(report.contenders[0].sha256.size() == 64);
    CHECK(children_of(::getpid()).empty());
}

TEST_CASE(
    "a load that cannot be run at all is an error of the run, one that measures nothing is of the trial") {
    SuiteFixture fixture;
    fixture.request.load = [](const load::Plan&, load::Observer&, const std::atomic<bool>&) {
        return Result<load::LoadResult>(Error{ErrorKind::kUsage, "--rate", "not yet", ""});
    };
    const auto refused = fixture.run();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::kUsage);

    SuiteFixture other;
    other.request.load = [](const load::Plan&, load::Observer& observer, const std::atomic<bool>&) {
        observer.phase(load::Phase::kPreload);
        return Result<load::LoadResult>(Error{ErrorKind::kInvalid, "", "status 507", ""});
    };
    const auto failed = other.run();
    REQUIRE(failed);
    CHECK(failed->exit_code == 3);
    CHECK(has_code(failed->report.trials[0], "preload_failed"));

    other.request.load = [](const load::Plan&, load::Observer&, const std::atomic<bool>&) {
        return Result<load::LoadResult>(Error{ErrorKind::kUnavailable, "", "refused", ""});
    };
    const auto unreachable = other.run();
    REQUIRE(unreachable);
    CHECK(has_code(unreachable->report.trials[0], "server_unreachable"));
}

TEST_CASE(
    "options become flags, the port takes its place, and a contender without an option is left out aloud") {
    SuiteFixture fixture;
    fixture.request.suite.repetitions = 1;
    fixture.request.suite.scenarios[0].cells[0].server["threads"] = "8";
    fixture.request.contenders[0].options["threads"] = "--threads";
    fixture.request.contenders[0].command.push_back("127.0.0.1:{port}");
    const auto end = fixture.run();
    REQUIRE(end);
    REQUIRE(end->report.trials.size() == 1);
    const auto& arguments = end->report.trials[0].server_arguments;
    REQUIRE(arguments.size() == 6);
    CHECK(arguments[3] == "127.0.0.1:0");
    CHECK(arguments[4] == "--threads");
    CHECK(arguments[5] == "8");
    REQUIRE(end->report.run.notes.size() == 1);
    CHECK(fixture.progress.notes == end->report.run.notes);
    CHECK(end->report.run.notes[0] ==
          "hot-get: \"b\" is left out where the server needs an option it does not "
          "have: threads");
    fixture.request.contenders.erase(fixture.request.contenders.begin());
    const auto nobody = fixture.run();
    REQUIRE_FALSE(nobody);
    CHECK(nobody.error().kind == ErrorKind::kUsage);
}

TEST_CASE("a contender of the floor gets the same load, unverified") {
    SuiteFixture fixture;
    std::vector<load::Plan> plans;
    fixture.request.contenders[1].model = kFloorModel;
    fixture.request.suite.repetitions = 1;
    fixture.request.load = [&](const load::Plan& plan, load::Observer& observer,
                               const std::atomic<bool>& stop) {
        plans.push_back(plan);
        return pass_through(plan, observer, stop);
    };
    const auto end = fixture.run();
    REQUIRE(end);
    REQUIRE(plans.size() == 2);
    const bool is_floor_first = end->report.trials[0].contender == "b";
    CHECK(plans[0].is_verified != is_floor_first);
    CHECK(plans[1].is_verified == is_floor_first);
    CHECK(plans[0].seed == plans[1].seed);
}

} // namespace kvduel::experiment
