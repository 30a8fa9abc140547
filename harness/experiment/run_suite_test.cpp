#include "harness/experiment/run_suite.hpp"

#include "harness/experiment/load_for_test.hpp"
#include "harness/experiment/proc_children.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <algorithm>
#include <string>

namespace kvduel::experiment {

namespace {

using load::Phase;

/// Every announcement is "PORT"; no server here has a stats page.
JsonReaders plain_readers() {
    JsonReaders readers;
    readers.announcement = [](std::string_view line) -> Result<Announcement> {
        if (line == "listening") return Announcement{"127.0.0.1", 1, std::nullopt};
        return Error{ErrorKind::kUnavailable, "", "not an announcement", ""};
    };
    readers.stats = [](std::string_view) -> Result<ServerStats> {
        return Error{ErrorKind::kUnavailable, "", "no stats", ""};
    };
    return readers;
}

struct MemorySink : ReportSink {
    unsigned writes = 0;
    unsigned fails_at = 0; ///< 0: never
    RunReport last;

    Outcome write(const RunReport& report) override {
        if (++writes == fails_at) return Error{ErrorKind::kCannotWrite, "a.json", "no space left", ""};
        last = report;
        return ok();
    }
};

struct CountingProgress : Progress {
    unsigned started = 0;
    unsigned ended = 0;
    std::vector<std::string> notes;
    std::vector<double> left_s;

    void trial_started(const Position& position) override {
        ++started;
        left_s.push_back(position.left_s);
    }
    void trial_ended(const Position&, const TrialRecord&) override { ++ended; }
    void note(std::string_view text) override { notes.emplace_back(text); }
};

/// A load that goes through all phases and measures what sound_load() says.
Result<load::LoadResult> pass_through(const load::Plan&, load::Observer& observer, const std::atomic<bool>&) {
    for (const Phase phase : {Phase::kPreload, Phase::kConnect, Phase::kWarmUp, Phase::kWindow}) {
        observer.phase(phase);
        observer.tick({});
    }
    observer.phase(Phase::kDrain);
    observer.phase(Phase::kDone);
    load::LoadResult load = sound_load();
    return load;
}

/// A load that only ends when it is told to.
Result<load::LoadResult> until_stopped(const load::Plan&, load::Observer& observer,
                                       const std::atomic<bool>& stop) {
    while (!stop) observer.tick({});
    load::LoadResult load;
    load.interrupted = true;
    return load;
}

Contender contender(const char* id, const char* script) {
    Contender contender;
    contender.id = id;
    contender.command = {"/bin/sh", "-c", script};
    return contender;
}

Contender good(const char* id) {
    return contender(id, "trap 'exit 0' TERM; echo listening; sleep 1000 & wait");
}

struct Fixture {
    RunRequest request;
    MemorySink sink;
    CountingProgress progress;
    std::atomic<bool> stop{false};

    Fixture() {
        request.suite.id = "tiny";
        request.suite.repetitions = 2;
        request.suite.scenarios.resize(1);
        request.suite.scenarios[0].id = "hot-get";
        request.suite.scenarios[0].cells = {sound_parameters()};
        request.contenders = {good("a"), good("b")};
        request.load = pass_through;
        request.waits.rest = Duration::zero();
        request.waits.ready = std::chrono::seconds(30);
        request.waits.drain = std::chrono::seconds(30);
    }

    Result<RunEnd> run() { return run_suite(request, plain_readers(), sink, progress, stop); }
};

/// The codes of the warnings, without those that this machine may earn at any time. The window of
/// pass_through takes no time by the clock, so its clocks may disagree about it.
std::string faults_of(const TrialRecord& trial) {
    std::string faults;
    for (const Warning& warning : trial.warnings)
        if (warning.code != "shared_cpus" && warning.code != "noisy_machine" &&
            warning.code != "listen_overflow" && warning.code != "clock_unsound")
            faults.append(warning.code).append(": ").append(warning.message).append(" ");
    return faults;
}

bool has_code(const TrialRecord& trial, std::string_view code) {
    return std::any_of(trial.warnings.begin(), trial.warnings.end(),
                       [&](const Warning& warning) { return warning.code == code; });
}

} // namespace

TEST_CASE("a run writes the report before the first trial, after each and at the end") {
    Fixture fixture;
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

TEST_CASE("a contender that is missing is found before anything is written") {
    Fixture fixture;
    fixture.request.contenders[1].command = {"/nonexistent/server"};
    const auto end = fixture.run();
    REQUIRE_FALSE(end);
    CHECK(end.error().kind == ErrorKind::kUnavailable);
    CHECK(end.error().where == "contender \"b\"");
    CHECK(fixture.sink.writes == 0);
}

TEST_CASE("a report that cannot be written is found before anything is measured") {
    Fixture fixture;
    fixture.sink.fails_at = 1;
    const auto end = fixture.run();
    REQUIRE_FALSE(end);
    CHECK(end.error().kind == ErrorKind::kCannotWrite);
    CHECK(fixture.progress.started == 0);
}

TEST_CASE("a disk that fills up ends the run with what was measured") {
    Fixture fixture;
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
    Fixture fixture;
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
    Fixture fixture;
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
    Fixture fixture;
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
    Fixture fixture;
    fixture.stop = true;
    const auto end = fixture.run();
    REQUIRE(end);
    CHECK(end->exit_code == 130);
    CHECK(end->report.trials.empty());
}

TEST_CASE(
    "a load that cannot be run at all is an error of the run, one that measures nothing is of the trial") {
    Fixture fixture;
    fixture.request.load = [](const load::Plan&, load::Observer&, const std::atomic<bool>&) {
        return Result<load::LoadResult>(Error{ErrorKind::kUsage, "--rate", "not yet", ""});
    };
    const auto refused = fixture.run();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::kUsage);

    Fixture other;
    other.request.load = [](const load::Plan&, load::Observer& observer, const std::atomic<bool>&) {
        observer.phase(Phase::kPreload);
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
    Fixture fixture;
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
    Fixture fixture;
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

TEST_CASE("a CPU that is not there is refused with the flag and what is allowed") {
    Fixture fixture;
    fixture.request.server_cpus = std::vector<int>{1000};
    const auto end = fixture.run();
    REQUIRE_FALSE(end);
    CHECK(end.error().where == "--server-cpus 1000");
    CHECK(end.error().kind == ErrorKind::kUsage);
}

} // namespace kvduel::experiment
