#include "harness/experiment/machine/proc_children.hpp"
#include "harness/experiment/suite_for_test.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

namespace kvduel::experiment {

TEST_CASE("a contender that is missing is found before anything is written") {
    SuiteFixture fixture;
    fixture.request.contenders[1].command = {"/nonexistent/server"};
    const auto end = fixture.run();
    REQUIRE_FALSE(end);
    CHECK(end.error().kind == ErrorKind::kUnavailable);
    CHECK(end.error().where == "contender \"b\"");
    CHECK(fixture.sink.writes == 0);
}

TEST_CASE("a report that cannot be written is found before anything is measured") {
    SuiteFixture fixture;
    fixture.sink.fails_at = 1;
    const auto end = fixture.run();
    REQUIRE_FALSE(end);
    CHECK(end.error().kind == ErrorKind::kCannotWrite);
    CHECK(fixture.progress.started == 0);
}

TEST_CASE("a disk that fills up ends the run with what was measured") {
    SuiteFixture fixture;
    fixture.sink.fails_at = 3;
    const auto end = fixture.run();
    REQUIRE(end);
    CHECK(end->exit_code == 73);
    REQUIRE(end->write_error);
    CHECK(end->report.trials.size() == 2);
    CHECK(fixture.sink.last.trials.size() == 1);
    CHECK(fixture.sink.writes == 3);
}

TEST_CASE("a server that does not start makes its trials invalid and the rest goes on") {
    SuiteFixture fixture;
    fixture.request.contenders[0] = contender("a", "echo bad flag --prot >&2; exit 64");
    const auto end = fixture.run();
    REQUIRE(end);
    CHECK(end->exit_code == 3);
    REQUIRE(end->report.trials.size() == 4);
    for (const TrialRecord& trial : end->report.trials) {
        if (trial.contender == "b") {
            CHECK(faults_of(trial) == "");
            continue;
        }
        CHECK(trial.verdict == Verdict::kInvalid);
        REQUIRE(trial.warnings.size() == 1);
        CHECK(trial.warnings[0] == Warning{"server_not_started",
                                           "contender \"a\": the server exited with 64 before it listened; "
                                           "stderr: \"bad flag --prot\""});
        CHECK(trial.stderr_tail == std::vector<std::string>{"bad flag --prot"});
        CHECK(trial.server.exit.code == 64);
        CHECK_FALSE(trial.throughput_rps);
    }
}

TEST_CASE("a server that dies within its trial ends that load and no other") {
    SuiteFixture fixture;
    fixture.request.suite.repetitions = 1;
    fixture.request.contenders = {contender("a", "echo listening; echo oh >&2; kill -SEGV $$")};
    fixture.request.load = until_stopped;
    const auto end = fixture.run();
    REQUIRE(end);
    CHECK(end->exit_code == 3);
    REQUIRE(end->report.trials.size() == 1);
    const TrialRecord& trial = end->report.trials[0];
    REQUIRE(has_code(trial, "server_died"));
    CHECK(trial.warnings[0].message == "the server was ended by SIGSEGV before it was told to end");
    CHECK(trial.stderr_tail == std::vector<std::string>{"oh"});
}

TEST_CASE("a signal ends the trial and the run, and the report says so") {
    SuiteFixture fixture;
    fixture.request.load = [&](const load::Plan& plan, load::Observer& observer,
                               const std::atomic<bool>& stop) {
        fixture.stop = true;
        return until_stopped(plan, observer, stop);
    };
    const auto end = fixture.run();
    REQUIRE(end);
    CHECK(end->exit_code == 130);
    CHECK(fixture.sink.last.run.is_interrupted);
    REQUIRE(end->report.trials.size() == 1);
    CHECK(has_code(end->report.trials[0], "interrupted"));
    CHECK_FALSE(has_code(end->report.trials[0], "server_died"));
    CHECK(children_of(::getpid()).empty());
}

TEST_CASE("a run that is stopped before it begins measures nothing and says so") {
    SuiteFixture fixture;
    fixture.stop = true;
    const auto end = fixture.run();
    REQUIRE(end);
    CHECK(end->exit_code == 130);
    CHECK(end->report.trials.empty());
}

TEST_CASE("a CPU that is not there is refused with the flag and what is allowed") {
    SuiteFixture fixture;
    fixture.request.server_cpus = std::vector<int>{1000};
    const auto end = fixture.run();
    REQUIRE_FALSE(end);
    CHECK(end.error().where == "--server-cpus 1000");
    CHECK(end.error().kind == ErrorKind::kUsage);
}

TEST_CASE("a machine that is far too busy is refused before anything is written, unless that is wanted") {
    SuiteFixture fixture;
    unsigned most_connections = 0;
    fixture.request.examine = [&](const CpuPlan&, unsigned connections) {
        most_connections = connections;
        return std::vector<DoctorFinding>{
            {"steal", Fitness::kProblem, {{"steal_ratio", 0.2}}, "20 %", "wait"},
            {"load", Fitness::kOk, {{"load_average_1m", 0.1}, {"cpus", 2.0}}, "0.1", ""}};
    };
    const auto refused = fixture.run();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::kBusy);
    CHECK(refused.error().what == "this machine is too busy to measure: steal 20.0 % (limit 10 %)");
    CHECK(fixture.sink.writes == 0);
    CHECK(fixture.progress.started == 0);
    CHECK(most_connections == fixture.request.suite.scenarios[0].cells[0].connections);

    fixture.request.runs_even_if_busy = true;
    const auto end = fixture.run();
    REQUIRE(end);
    CHECK(end->report.environment.doctor.size() == 2);
    CHECK(end->report.run.notes.front() == refused.error().what);
    CHECK(fixture.progress.findings == std::vector<std::string>{"steal"});
}

} // namespace kvduel::experiment
