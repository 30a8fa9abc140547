#include "harness/experiment/run/resume.hpp"

#include "harness/experiment/judge/summarise.hpp"
#include "harness/experiment/run_suite.hpp"
#include "harness/experiment/suite_for_test.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {

namespace {

/// A fixture with a share of capacity, and the report of its whole run.
struct ResumeFixture : SuiteFixture {
    RunReport whole;

    ResumeFixture() {
        Parameters share = sound_parameters();
        share.loop = Loop::kOpen;
        share.load_fraction = 0.5;
        request.suite.scenarios[0].cells.push_back(share);
        whole = run().value().report;
    }

    /// The run goes on from the first `trials` of the whole one.
    Result<RunEnd> resume(std::size_t trials) {
        RunReport cut = whole;
        cut.trials.resize(trials);
        cut.run.finished_at.clear();
        request.resumed = cut;
        return run();
    }
};

} // namespace

TEST_CASE("a run that was cut goes on with what is missing and with the same requests, whatever it had") {
    ResumeFixture fixture;
    const RunReport& whole = fixture.whole;
    REQUIRE(whole.trials.size() == 8);
    for (std::size_t had = 0; had <= 8; ++had) {
        fixture.progress = {};
        const auto end = fixture.resume(had);
        REQUIRE(end);
        CHECK(end->exit_code == 0);
        const RunReport& report = end->report;
        const std::size_t halves = had % 2; // of a pair: it stays and the pair is run again
        CHECK(report.trials.size() == 8 + halves);
        CHECK(fixture.progress.started == 8 + halves - had);
        CHECK(trials_done(report.trials) == 8);
        CHECK(report.capacities.size() == 2);
        CHECK(report.run.id == whole.run.id);
        CHECK(report.run.resumed_at.size() == 1);
        CHECK_FALSE(report.run.finished_at.empty());
        for (std::size_t i = had + halves; i < 8; ++i) {
            CHECK(report.trials[i + halves].contender == whole.trials[i].contender);
            CHECK(report.trials[i + halves].parameters == whole.trials[i].parameters);
            CHECK(report.trials[i + halves].block == whole.trials[i].block);
        }
    }
}

TEST_CASE("another machine, build, contender or suite is refused by name before anything is run") {
    ResumeFixture fixture;
    const auto refusal = [&](const std::function<void(RunReport&)>& doctor) {
        RunReport cut = fixture.whole;
        cut.trials.resize(3);
        doctor(cut);
        fixture.request.resumed = cut;
        fixture.sink.writes = 0;
        const auto end = fixture.run();
        REQUIRE_FALSE(end);
        CHECK(end.error().kind == ErrorKind::kInvalid);
        CHECK(fixture.sink.writes == 0);
        return end.error().what;
    };
    CHECK(refusal([](RunReport& r) { r.environment.fingerprint = "0011"; }).find("another machine") !=
          std::string::npos);
    CHECK(refusal([](RunReport& r) { r.tool.sha256 = "00"; }).find("another build of kvduel") !=
          std::string::npos);
    CHECK(refusal([](RunReport& r) {
              r.contenders[1].sha256 = "00";
          }).starts_with("contender \"b\" is another build"));
    CHECK(refusal([](RunReport& r) { r.contenders.pop_back(); }).find("other contenders") !=
          std::string::npos);
    CHECK(refusal([](RunReport& r) {
              r.suite.scenarios[0].cells[0].connections = 7;
          }).find("another suite") != std::string::npos);
    CHECK(refusal([](RunReport& r) { r.suite.repetitions = 7; }).find("another suite") != std::string::npos);
}

TEST_CASE("the suite that was asked for has neither the rates nor the cells that the run added") {
    RunReport report;
    Scenario& scenario = report.suite.scenarios.emplace_back();
    scenario.cells.resize(3);
    scenario.cells[0].load_fraction = 0.5;
    scenario.cells[0].rate_per_s = 500;
    scenario.inserted = 1;
    const Suite asked = suite_asked_for(report);
    CHECK(asked.scenarios[0].cells.size() == 2);
    CHECK(asked.scenarios[0].inserted == 0);
    CHECK_FALSE(asked.scenarios[0].cells[0].rate_per_s);
}

TEST_CASE("a trial that a signal ended is run again with its pair") {
    ResumeFixture fixture;
    fixture.whole.trials[2].verdict = Verdict::kInvalid;
    fixture.whole.trials[2].warnings = {{"interrupted", "a signal ended the trial early"}};
    fixture.whole.run.is_interrupted = true;
    const auto end = fixture.resume(3);
    REQUIRE(end);
    CHECK(end->exit_code == 0);
    CHECK_FALSE(end->report.run.is_interrupted);
    CHECK(end->report.trials.size() == 9);
    CHECK(end->report.trials[3].repetition == 2);
}

} // namespace kvduel::experiment
